/* A part without a kind. */
#include "bad.h"

static const vw_part part = {sizeof(vw_part), NULL, NULL, "kindless", "", NULL, NULL, answer_null, NULL, NULL};
EXPORT("null-kind", &part);
