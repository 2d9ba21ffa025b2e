/* Two parts of one kind and id; the same id in another kind is fine. */
#include "bad.h"

static const vw_part first = SOURCE("twin", answer_null);
static const vw_part other_kind = MEMORY_MODEL("twin", evaluate_nothing);
static const vw_part second = SOURCE("twin", answer_null);
EXPORT("duplicate-id", &first, &other_kind, &second);
