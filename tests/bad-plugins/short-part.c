/* A part shorter than any version of the border. */
#include "bad.h"

static const vw_part part = {16, NULL, VW_KIND_METADATA_SOURCE, "short", "", NULL, NULL, answer_null, NULL, NULL};
EXPORT("short-part", &part);
