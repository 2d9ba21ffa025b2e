/* A part whose id is not kebab-case. */
#include "bad.h"

static const vw_part part = SOURCE("My Source", answer_null);
EXPORT("not-kebab-id", &part);
