/* Needs a function that nobody has: bound at once, so it shows when the plugin is opened and not in the middle. */
#include "bad.h"

int function_that_nobody_has(void);
static vw_status ask_it(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)json, (void)size, (void)reply, (void)error;
  return function_that_nobody_has() == 0 ? VW_OK : VW_FAILED;
}
static const vw_part part = SOURCE("unresolved", ask_it);
EXPORT("unresolved", &part);
