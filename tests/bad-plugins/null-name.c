/* A plugin without a name. */
#include "bad.h"

static const vw_part part = SOURCE("fine", answer_null);
EXPORT(NULL, &part);
