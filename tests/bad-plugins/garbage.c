/* Answers that are no JSON, and no answer at all. */
#include "bad.h"

static vw_status answer_garbage(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)json, (void)size, (void)error;
  say(reply, "{\"id\": oops}");
  return VW_OK;
}
static vw_status answer_nothing(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)json, (void)size, (void)reply, (void)error;
  return VW_OK;
}
static vw_status answer_without_end(void* self, const char* json, size_t size, vw_sink reply, vw_sink error) {
  (void)self, (void)json, (void)size, (void)error;
  for (int i = 0; i < 100000; ++i)
    say(reply, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[");
  return VW_OK;
}
static const vw_part garbage = SOURCE("garbage", answer_garbage);
static const vw_part nothing = SOURCE("nothing", answer_nothing);
static const vw_part endless = SOURCE("endless", answer_without_end);
EXPORT("garbage", &garbage, &nothing, &endless);
