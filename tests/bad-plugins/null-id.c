/* The second of two parts has no id. */
#include "bad.h"

static const vw_part fine = SOURCE("fine", answer_null);
static const vw_part nameless = SOURCE(NULL, answer_null);
EXPORT("null-id", &fine, &nameless);
