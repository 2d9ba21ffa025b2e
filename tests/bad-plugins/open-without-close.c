/* A source that would never be closed. */
#include "bad.h"

static void* open_it(const vw_part* part, const char* json, size_t size, vw_sink error) {
  (void)json, (void)size, (void)error;
  return (void*)part;
}
static const vw_part part = {
    sizeof(vw_part), NULL, VW_KIND_METADATA_SOURCE, "ajar", "", open_it, NULL, answer_null, NULL, NULL};
EXPORT("open-without-close", &part);
