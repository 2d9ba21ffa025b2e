/* Fails in every function and never says why. */
#include "bad.h"

static void* open_it(const vw_part* part, const char* json, size_t size, vw_sink error) {
  (void)part, (void)json, (void)size, (void)error;
  return NULL;
}
static void close_it(void* self) { (void)self; }
static vw_status fail_to_answer(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)json, (void)size, (void)reply, (void)error;
  return VW_FAILED;
}
static vw_status fail_to_evaluate(void* self, const vw_batch* batch, vw_sink error) {
  (void)self, (void)batch;
  say(error, " \n"); /* a message of blanks is no message */
  return VW_FAILED;
}
static const vw_part in_open = {
    sizeof(vw_part), NULL, VW_KIND_METADATA_SOURCE, "in-open", "", open_it, close_it, answer_null, NULL, NULL};
static const vw_part in_ask = SOURCE("in-ask", fail_to_answer);
static const vw_part in_evaluate = MEMORY_MODEL("in-evaluate", fail_to_evaluate);
EXPORT("silent", &in_open, &in_ask, &in_evaluate);
