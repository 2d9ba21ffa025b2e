/* A plugin whose name is not kebab-case. */
#include "bad.h"

static const vw_part part = SOURCE("fine", answer_null);
EXPORT("Bad Name", &part);
