/* Every offset of the border, written down once and checked by a C11 and a C++20 compiler. A change here breaks every
 * plugin that was ever built: it needs a new VW_ABI_MAJOR. Fields added at a tail are new lines and a new minor. */
#ifndef VW_TEST_LAYOUT_H
#define VW_TEST_LAYOUT_H

#include "abi/plugin.h"

#ifdef __cplusplus
#define PIN(condition) static_assert(condition, #condition)
#else
#define PIN(condition) _Static_assert(condition, #condition)
#endif
#define AT(row, field, bytes) PIN(offsetof(row, field) == (bytes))
#define TRIPLE_AT(row, stem, unit, bytes)  \
  AT(row, stem##_##unit, bytes);           \
  AT(row, stem##_low_##unit, (bytes) + 8); \
  AT(row, stem##_high_##unit, (bytes) + 16)

PIN(VW_ABI_MAJOR == 1u && VW_ABI_MINOR == 1u);
PIN(sizeof(void*) == 8 && sizeof(size_t) == 8 && sizeof(vw_status) == 4);

PIN(VW_OK == 0 && VW_FAILED == 1);
PIN(VW_ENFORCE_EAGER == 1 && VW_EXPERT_PARALLEL == 2 && VW_PREFIX_CACHING == 4);
PIN(VW_VERDICT_BY_BYTES == 0 && VW_FITS == 1 && VW_DOES_NOT_FIT == 2 && VW_UNSUPPORTED == 3);
PIN(VW_REASON_NONE == 0 && VW_REASON_WEIGHTS_EXCEED_CAPACITY == 1 && VW_REASON_KV_CACHE_EXCEEDS_CAPACITY == 2);
PIN(VW_REASON_HEADROOM_TOO_SMALL == 3 && VW_REASON_HEADS_NOT_DIVISIBLE == 4 && VW_REASON_NOT_ENOUGH_GPUS == 5);
PIN(VW_REASON_FORMAT_NEEDS_NEWER_GPU == 6 && VW_REASON_UTILIZATION_ABOVE_FREE == 7 && VW_REASON_OTHER == 8);
PIN(VW_UNKNOWN == 0 && VW_YES == 1 && VW_NO == 2);
PIN(VW_BOUND_UNKNOWN == 0 && VW_BOUND_WEIGHTS_BANDWIDTH == 1 && VW_BOUND_KV_BANDWIDTH == 2 && VW_BOUND_COMPUTE == 3);
PIN(VW_BOUND_ALL_REDUCE == 4 && VW_BOUND_OVERHEAD == 5 && VW_BOUND_KV_CAPACITY == 6);

AT(vw_sink, to, 0);
AT(vw_sink, write, 8);
PIN(sizeof(vw_sink) == 16);

AT(vw_candidate, gpu, 0);
AT(vw_candidate, format, 4);
AT(vw_candidate, kv_format, 8);
AT(vw_candidate, release, 12);
AT(vw_candidate, gpus, 16);
AT(vw_candidate, nodes, 20);
AT(vw_candidate, tensor_parallel, 24);
AT(vw_candidate, pipeline_parallel, 28);
AT(vw_candidate, data_parallel, 32);
AT(vw_candidate, expert_parallel, 36);
AT(vw_candidate, block_tokens, 40);
AT(vw_candidate, flags, 44);
AT(vw_candidate, context_tokens, 48);
AT(vw_candidate, concurrency, 56);
AT(vw_candidate, prompt_tokens, 64);
AT(vw_candidate, generated_tokens, 72);
AT(vw_candidate, max_sequences, 80);
AT(vw_candidate, max_batched_tokens, 88);
AT(vw_candidate, utilization, 96);
PIN(sizeof(vw_candidate) == 104);

AT(vw_memory, verdict, 0);
AT(vw_memory, reason, 4);
AT(vw_memory, starts, 8);
AT(vw_memory, survives, 12);
AT(vw_memory, scope_gpus, 16);
AT(vw_memory, block_tokens, 20);
AT(vw_memory, reason_value, 24);
AT(vw_memory, total_bytes, 32);
AT(vw_memory, capacity_bytes, 40);
AT(vw_memory, headroom_bytes, 48);
TRIPLE_AT(vw_memory, weights, bytes, 56);
TRIPLE_AT(vw_memory, overhead, bytes, 80);
TRIPLE_AT(vw_memory, activation, bytes, 104);
TRIPLE_AT(vw_memory, non_torch, bytes, 128);
TRIPLE_AT(vw_memory, cuda_graph, bytes, 152);
TRIPLE_AT(vw_memory, kv_available, bytes, 176);
AT(vw_memory, kv_required_bytes, 200);
AT(vw_memory, kv_sequence_bytes, 208);
AT(vw_memory, kv_per_token_bytes, 216);
AT(vw_memory, kv_blocks, 224);
AT(vw_memory, kv_tokens, 232);
AT(vw_memory, max_concurrency, 240);
AT(vw_memory, max_context_tokens, 248);
PIN(sizeof(vw_memory) == 256);

AT(vw_perf, verdict, 0);
AT(vw_perf, bottleneck, 4);
TRIPLE_AT(vw_perf, ttft, ms, 8);
TRIPLE_AT(vw_perf, tpot, ms, 32);
TRIPLE_AT(vw_perf, decode, tokens_per_s, 56);
TRIPLE_AT(vw_perf, prefill, tokens_per_s, 80);
TRIPLE_AT(vw_perf, output, tokens_per_s, 104);
TRIPLE_AT(vw_perf, requests, per_s, 128);
AT(vw_perf, weights_share, 152);
AT(vw_perf, kv_share, 160);
AT(vw_perf, compute_share, 168);
AT(vw_perf, all_reduce_share, 176);
AT(vw_perf, overhead_share, 184);
PIN(sizeof(vw_perf) == 192);

AT(vw_batch, size, 0);
AT(vw_batch, count, 4);
AT(vw_batch, candidate_stride, 8);
AT(vw_batch, memory_stride, 16);
AT(vw_batch, result_stride, 24);
AT(vw_batch, candidates, 32);
AT(vw_batch, memory, 40);
AT(vw_batch, results, 48);
PIN(sizeof(vw_batch) == 56);

AT(vw_part, size, 0);
AT(vw_part, data, 8);
AT(vw_part, kind, 16);
AT(vw_part, id, 24);
AT(vw_part, summary, 32);
AT(vw_part, open, 40);
AT(vw_part, close, 48);
AT(vw_part, ask, 56);
AT(vw_part, evaluate, 64);
AT(vw_part, watch, 72);
PIN(sizeof(vw_part) == 80);

AT(vw_plugin, abi_major, 0);
AT(vw_plugin, abi_minor, 4);
AT(vw_plugin, name, 8);
AT(vw_plugin, version, 16);
AT(vw_plugin, part_count, 24);
AT(vw_plugin, parts, 32);
PIN(sizeof(vw_plugin) == 40);

#undef TRIPLE_AT
#undef AT
#undef PIN
#endif
