/* The one border between vllm-wizard and its parts, in plain C11 so that any compiler and language can stand
 * on either side. C++ authors include plugin.hpp instead, which owns the loops and the error handling.
 *
 * A plugin is a shared object that exports one data symbol, vw_plugin_main. It lists parts. A part fills one
 * interface ("kind"); natives and Lua scripts are the same struct. Two verbs: `ask` (JSON text in, JSON text out,
 * for everything cold) and `evaluate` (rows in, rows out, for memory models and performance heuristics).
 *
 * Growth: accepted is the same major and a minor not above the host's. Fields are added at the tail only.
 * Strides let an old plugin walk newer, longer rows. A change of meaning is a new kind revision ("memory-model/2").
 * Threads: [one thread at a time] per opened instance; the host opens one instance per worker, so `open` and calls
 * on different instances may happen at the same time.
 * Lifetime: descriptors are constant data, valid for the life of the process; plugins are never unloaded. Inputs are
 * valid during the call only, but for the `part` given to `open`, which is valid until `close` returns.
 * All text is UTF-8 with its size given, not NUL-terminated, except the constant strings of the descriptors. No
 * exception may leave a part, and nothing is allocated on one side and freed on the other.
 */
#ifndef VW_PLUGIN_H
#define VW_PLUGIN_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VW_ABI_MAJOR 1u
#define VW_ABI_MINOR 1u

/* Kinds of this revision of the border. */
#define VW_KIND_METADATA_SOURCE "metadata-source/1"
#define VW_KIND_GPU_DETECTOR "gpu-detector/1"
#define VW_KIND_MODEL_FAMILY "model-family/1"
#define VW_KIND_MEMORY_MODEL "memory-model/1"
#define VW_KIND_PERF_HEURISTIC "perf-heuristic/1"
#define VW_KIND_RENDERER "renderer/1"
#define VW_KIND_SERVER_PROBE "server-probe/1"

typedef enum vw_status {
  VW_OK = 0,
  VW_FAILED = 1 /* the reason was written to the error sink: one line, then optionally "\nhint: ..." */
} vw_status;

/* The only way text leaves a part. May be called several times; the pieces are joined. */
typedef struct vw_sink {
  void* to;
  void (*write)(void* to, const char* text, size_t size);
} vw_sink;

/* Bits of vw_candidate.flags. */
enum { VW_ENFORCE_EAGER = 1u << 0, VW_EXPERT_PARALLEL = 1u << 1, VW_PREFIX_CACHING = 1u << 2 };

/* One configuration to judge. Indices are 0-based into the lists of the settings given to `open`
 * (1-based in Lua). 0 in a token or sequence count means "not given: take the release's default". */
typedef struct vw_candidate {
  uint32_t gpu, format, kv_format, release; /* indices */
  uint32_t gpus, nodes;                     /* GPUs per node; nodes */
  uint32_t tensor_parallel, pipeline_parallel, data_parallel, expert_parallel;
  uint32_t block_tokens, flags;
  uint64_t context_tokens; /* max_model_len */
  uint64_t concurrency;    /* sequences that run at the same time */
  uint64_t prompt_tokens, generated_tokens;
  uint64_t max_sequences, max_batched_tokens;
  double utilization; /* gpu_memory_utilization, 0 < x <= 1 */
} vw_candidate;

/* Verdict of a memory model. A part that leaves 0 lets the host compare weights + overhead + KV with capacity. */
enum { VW_VERDICT_BY_BYTES = 0, VW_FITS = 1, VW_DOES_NOT_FIT = 2, VW_UNSUPPORTED = 3 };

/* Why: ids of the memory-model kind. reason_value is what the id says. */
enum {
  VW_REASON_NONE = 0,
  VW_REASON_WEIGHTS_EXCEED_CAPACITY = 1, /* bytes missing */
  VW_REASON_KV_CACHE_EXCEEDS_CAPACITY,   /* bytes missing */
  VW_REASON_HEADROOM_TOO_SMALL,          /* bytes missing */
  VW_REASON_HEADS_NOT_DIVISIBLE,         /* attention heads */
  VW_REASON_NOT_ENOUGH_GPUS,             /* GPUs needed */
  VW_REASON_FORMAT_NEEDS_NEWER_GPU,      /* compute capability x 10 */
  VW_REASON_UTILIZATION_ABOVE_FREE,      /* largest utilization that starts */
  VW_REASON_OTHER                        /* the part's `explain` says it in words */
};

/* Three-valued answers. */
enum { VW_UNKNOWN = 0, VW_YES = 1, VW_NO = 2 };

/* Result of a memory model; zeroed by the host before the call. All *_bytes are sums over `scope_gpus` GPUs
 * (0 and 1: one GPU, the fullest; tp x pp: the whole group), finite and not negative, but headroom_bytes, which is
 * negative when memory is missing. low = high = 0 means "same as best". */
typedef struct vw_memory {
  uint32_t verdict, reason;
  uint32_t starts, survives; /* VW_UNKNOWN, VW_YES, VW_NO; survives: its load, if it started */
  uint32_t scope_gpus, block_tokens;
  double reason_value;
  double total_bytes;    /* device memory the budget is taken from */
  double capacity_bytes; /* the budget: what may be filled */
  double headroom_bytes; /* capacity - required */
  double weights_bytes, weights_low_bytes, weights_high_bytes;
  double overhead_bytes, overhead_low_bytes, overhead_high_bytes; /* all that is neither weights nor KV cache */
  double activation_bytes, activation_low_bytes, activation_high_bytes;
  double non_torch_bytes, non_torch_low_bytes, non_torch_high_bytes;
  double cuda_graph_bytes, cuda_graph_low_bytes, cuda_graph_high_bytes;
  double kv_available_bytes, kv_available_low_bytes, kv_available_high_bytes;
  double kv_required_bytes;  /* context_tokens x concurrency */
  double kv_sequence_bytes;  /* one sequence of context_tokens */
  double kv_per_token_bytes; /* marginal, one more token of one sequence */
  double kv_blocks, kv_tokens;
  double max_concurrency;    /* sequences of context_tokens that fit, as the release logs it */
  double max_context_tokens; /* longest sequence at `concurrency` */
} vw_memory;

/* What binds, for a performance heuristic. */
enum {
  VW_BOUND_UNKNOWN = 0,
  VW_BOUND_WEIGHTS_BANDWIDTH = 1,
  VW_BOUND_KV_BANDWIDTH,
  VW_BOUND_COMPUTE,
  VW_BOUND_ALL_REDUCE,
  VW_BOUND_OVERHEAD,
  VW_BOUND_KV_CAPACITY
};

/* Result of a performance heuristic; zeroed by the host before the call. low and high bound the value itself
 * (low <= best <= high); both 0 means "same as best". A value a heuristic does not give stays 0. */
typedef struct vw_perf {
  uint32_t verdict, bottleneck; /* verdict: 0 or VW_UNSUPPORTED */
  double ttft_ms, ttft_low_ms, ttft_high_ms;
  double tpot_ms, tpot_low_ms, tpot_high_ms;
  double decode_tokens_per_s, decode_low_tokens_per_s, decode_high_tokens_per_s;    /* one user */
  double prefill_tokens_per_s, prefill_low_tokens_per_s, prefill_high_tokens_per_s; /* one prompt */
  double output_tokens_per_s, output_low_tokens_per_s, output_high_tokens_per_s;    /* all users */
  double requests_per_s, requests_low_per_s, requests_high_per_s;
  double weights_share, kv_share, compute_share, all_reduce_share, overhead_share; /* of one decode step, 0 to 1 */
} vw_perf;

/* `count` rows of each array, `*_stride` bytes apart. memory is NULL for memory models, and input for perf. */
typedef struct vw_batch {
  uint32_t size; /* sizeof(vw_batch) where the host was compiled */
  uint32_t count;
  size_t candidate_stride, memory_stride, result_stride;
  const void* candidates; /* vw_candidate rows */
  const void* memory;     /* vw_memory rows, or NULL */
  void* results;          /* vw_memory rows (memory-model) or vw_perf rows (perf-heuristic) */
} vw_batch;

/* One interface filled. Cold kinds (source, detector, family, renderer, probe) give `ask`, hot kinds (memory model,
 * perf heuristic) give `evaluate` and perhaps `ask`; what is missing is NULL. Without `open` there is nothing to close
 * and `self` is NULL; with `open` there must be `close`. `open` gets the settings of the run as JSON. */
typedef struct vw_part {
  uint32_t size;                   /* sizeof(vw_part) where the plugin was compiled */
  const void* data;                /* the provider's own */
  const char *kind, *id, *summary; /* id: kebab-case; summary: one line */
  void* (*open)(const struct vw_part* part, const char* json, size_t size, vw_sink error); /* NULL: failed */
  void (*close)(void* self);
  vw_status (*ask)(void* self, const char* json, size_t size, vw_sink reply, vw_sink error);
  vw_status (*evaluate)(void* self, const vw_batch* batch, vw_sink error);
  /* Since 1.1, may be NULL. Called once, before `ask`, where somebody looks on: what the work has come to ("7 of 20
   * files") may be written to the sink, each line replacing the one before. Valid until `close`. */
  void (*watch)(void* self, vw_sink progress);
} vw_part;

typedef struct vw_plugin {       /* exported as vw_plugin_main, with VW_EXPORT in front */
  uint32_t abi_major, abi_minor; /* these two never move */
  const char *name, *version;    /* name: kebab-case */
  uint32_t part_count;
  const vw_part* const* parts;
} vw_plugin;

#if defined(_WIN32)
#define VW_EXPORT __declspec(dllexport)
#else
#define VW_EXPORT __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
}
#endif
#endif
