/* A plugin that lists nothing. */
#include "bad.h"

VW_EXPORT const vw_plugin vw_plugin_main = {VW_ABI_MAJOR, VW_ABI_MINOR, "no-parts", "1.0.0", 0, NULL};
