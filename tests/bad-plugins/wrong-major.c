/* Built for a later major version. */
#include "bad.h"

static const vw_part part = SOURCE("fine", answer_null);
EXPORT_AS(2, 0, "wrong-major", &part);
