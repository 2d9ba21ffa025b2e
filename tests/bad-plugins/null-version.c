/* A plugin without a version. */
#include "bad.h"

static const vw_part part = SOURCE("fine", answer_null);
static const vw_part* const parts[] = {&part};
VW_EXPORT const vw_plugin vw_plugin_main = {VW_ABI_MAJOR, VW_ABI_MINOR, "null-version", NULL, 1, parts};
