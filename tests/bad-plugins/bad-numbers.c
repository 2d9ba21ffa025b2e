/* Results that nobody may return, each at candidate 17. */
#include "bad.h"

#include <math.h>

enum { victim = 17 };
static vw_status nan_bytes(void* self, const vw_batch* batch, vw_sink error) {
  (void)self, (void)error;
  memory_row(batch, victim)->kv_required_bytes = NAN;
  return VW_OK;
}
static vw_status negative_bytes(void* self, const vw_batch* batch, vw_sink error) {
  (void)self, (void)error;
  memory_row(batch, victim)->headroom_bytes = -1; /* the one field that may be negative */
  memory_row(batch, victim)->weights_bytes = -1;
  return VW_OK;
}
static vw_status unknown_verdict(void* self, const vw_batch* batch, vw_sink error) {
  (void)self, (void)error;
  memory_row(batch, victim)->verdict = 9;
  return VW_OK;
}
static vw_status infinite_time(void* self, const vw_batch* batch, vw_sink error) {
  (void)self, (void)error;
  perf_row(batch, victim)->ttft_ms = INFINITY;
  return VW_OK;
}
static const vw_part is_nan = MEMORY_MODEL("nan", nan_bytes);
static const vw_part is_negative = MEMORY_MODEL("negative", negative_bytes);
static const vw_part is_unknown = MEMORY_MODEL("unknown-verdict", unknown_verdict);
static const vw_part is_infinite = PERF_HEURISTIC("infinite", infinite_time);
EXPORT("bad-numbers", &is_nan, &is_negative, &is_unknown, &is_infinite);
