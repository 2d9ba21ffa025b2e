/* The border compiled as C11: layout pinned, and a whole plugin written in C. */
#include "layout.h"

static vw_status ask_c(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)error;
  reply.write(reply.to, json, size); /* an echo, in two pieces */
  reply.write(reply.to, "\n", 1);
  return VW_OK;
}

static const vw_part echo = {
    sizeof(vw_part), NULL, VW_KIND_METADATA_SOURCE, "echo", "answers the question", NULL, NULL, ask_c, NULL, NULL};
static const vw_part* const parts[] = {&echo};
const vw_plugin vw_test_c_plugin = {VW_ABI_MAJOR, VW_ABI_MINOR, "in-c", "1.0.0", 1, parts};
