/* Built for a later minor version. */
#include "bad.h"

static const vw_part part = SOURCE("fine", answer_null);
EXPORT_AS(VW_ABI_MAJOR, VW_ABI_MINOR + 7, "newer-minor", &part);
