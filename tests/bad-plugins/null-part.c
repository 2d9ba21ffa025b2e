/* A list of parts with a hole. */
#include "bad.h"

static const vw_part part = SOURCE("fine", answer_null);
EXPORT("null-part", &part, NULL);
