// Starts that failed for memory, each with what its log tells.
#pragma once

#include "logs/logs_lab.hpp"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <vector>

namespace vw::test {

inline std::string torch_error(double tried_gib, double left_gib, double total_gib) {
  return fmt::format(
      "torch.OutOfMemoryError: CUDA out of memory. Tried to allocate {:.2f} GiB. GPU 0 has a total capacity of {:.2f} "
      "GiB "
      "of which {:.2f} GiB is free. Process 4711 has 20.00 GiB memory in use. Of the allocated memory 19.00 GiB is "
      "allocated by PyTorch, and 200.00 MiB is reserved by PyTorch but unallocated.",
      tried_gib, total_gib, left_gib);
}

// A failure of memory with all that its log tells.
struct Failing {
  const char* sentence;
  const char* id;
  const char *model, *gpu, *version;
  Json arguments;
  double total_gib;
  const char* phase;
  std::string line;
  std::optional<double> weights_gib, kv_available_gib;
  bool is_mendable = true;
};

inline const std::vector<Failing>& failings() {
  static const std::string llama = "meta-llama/Llama-3.1-8B-Instruct";
  static const auto short_cache = [](std::int64_t context, double needed, double left) {
    return fmt::format(
        "ValueError: To serve at least one request with the models's max seq len ({}), ({:.2f} GiB KV cache is needed, "
        "which is larger than the available KV cache memory ({:.2f} GiB). Based on the available memory, the estimated "
        "maximum model length is 42672. Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when "
        "initializing the engine.",
        context, needed, left);
  };
  static const auto less_free = [](double free, double total, double share) {
    return fmt::format(
        "ValueError: Free memory on device ({:.2f}/{:.2f} GiB) on startup is less than desired GPU memory utilization "
        "({}, {:.2f} GiB). Decrease GPU memory utilization or reduce GPU memory used by other processes.",
        free, total, share, share * total);
  };
  const std::string no_blocks =
      "ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization` when initializing "
      "the engine.";
  static const std::vector<Failing> all = {
      {"128k tokens of an 8 B model do not fit a 24 GB card",
       "kv-cache-below-max-length",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.92}},
       23.52,
       "kv-cache",
       short_cache(131072, 16, 5.21),
       14.9888,
       5.21},
      {"the same for v0.8.5, in its words",
       "kv-cache-below-max-length",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 3090",
       "0.8.5",
       {{"max_model_len", 131072}},
       23.56,
       "kv-cache",
       "ValueError: The model's max seq len (131072) is larger than the maximum number of tokens that can be stored in "
       "KV "
       "cache (43648). Try increasing `gpu_memory_utilization` or decreasing `max_model_len` when initializing the "
       "engine.",
       14.9888,
       std::nullopt},
      {"the same for v0.27, which counts consumed memory",
       "kv-cache-below-max-length",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L4",
       "0.27.1",
       {{"gpu_memory_utilization", 0.9}},
       22.03,
       "kv-cache",
       short_cache(131072, 16, 3.9),
       14.99,
       3.9},
      {"a 32 B model fills an 80 GB card",
       "kv-cache-below-max-length",
       "Qwen/Qwen3-32B",
       "H100 80GB",
       "0.11.0",
       {{"gpu_memory_utilization", 0.9}, {"max_model_len", 32000}},
       79.18,
       "kv-cache",
       short_cache(32000, 7.81, 4.45),
       61.03,
       4.45},
      {"a hybrid with its own context on one card",
       "kv-cache-below-max-length",
       "Qwen/Qwen3-30B-A3B",
       "H100 80GB",
       "0.12.0",
       {{"max_model_len", 40960}, {"max_num_seqs", 1024}},
       79.18,
       "kv-cache",
       short_cache(40960, 3.75, 2.4),
       56.9,
       2.4},
      {"negative room is no room",
       "no-room-for-cache",
       "meta-llama/Llama-3.3-70B-Instruct",
       "H100 80GB",
       "0.11.0",
       {{"quantization", "fp8"}, {"gpu_memory_utilization", 0.9}, {"max_model_len", 16000}},
       79.18,
       "kv-cache",
       no_blocks,
       67.72,
       -1.44},
      {"a small card is full of weights",
       "no-room-for-cache",
       "meta-llama/Llama-3.1-8B-Instruct",
       "T4",
       "0.10.2",
       {{"dtype", "half"}, {"max_model_len", 4096}},
       14.56,
       "kv-cache",
       no_blocks,
       14.9888,
       -2.5},
      {"a third of a card is too small a share",
       "no-room-for-cache",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L40S",
       "0.21.0",
       {{"gpu_memory_utilization", 0.35}, {"max_model_len", 8192}},
       44.39,
       "kv-cache",
       no_blocks,
       14.99,
       -0.4},
      {"not one token of an automatic length fits",
       "auto-length-failed",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.21.0",
       {{"max_model_len", -1}, {"gpu_memory_utilization", 0.65}},
       23.52,
       "kv-cache",
       "ValueError: Cannot auto-fit max_model_len: not enough GPU memory available to serve even a single token. Try "
       "increasing `gpu_memory_utilization`.",
       14.99,
       -1.2},
      {"70 B in 16 bit do not load onto one card",
       "cuda-oom-load",
       "meta-llama/Llama-3.3-70B-Instruct",
       "H100 80GB",
       "0.11.0",
       {{"max_model_len", 8192}},
       79.18,
       "load",
       torch_error(0.44, 0.12, 79.18),
       std::nullopt,
       std::nullopt},
      {"8 B in 16 bit do not load onto a 16 GB card",
       "cuda-oom-load",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4080",
       "0.10.2",
       {{"max_model_len", 4096}},
       15.56,
       "load",
       torch_error(0.98, 0.33, 15.56),
       std::nullopt,
       std::nullopt},
      {"a step of 64k tokens is too large for the profile run",
       "cuda-oom-profile",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"max_num_batched_tokens", 65536}, {"max_model_len", 8192}},
       23.52,
       "profile",
       torch_error(3.0, 1.2, 23.52),
       15.27,
       std::nullopt},
      {"1024 sequences are too many for the profile run",
       "cuda-oom-profile",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.13.0",
       {{"max_num_seqs", 1024}, {"max_model_len", 8192}},
       23.52,
       "profile",
       torch_error(1.16, 0.9, 23.52),
       15.27,
       std::nullopt},
      {"CUDA graphs find no room at a share of 0.98",
       "cuda-oom-graph-capture",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.98}, {"max_model_len", 8192}},
       23.52,
       "graph-capture",
       torch_error(0.1, 0.05, 23.52),
       14.9888,
       6.6},
      {"the KV cache itself finds no room",
       "cuda-oom-graph-capture",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L4",
       "0.11.0",
       {{"gpu_memory_utilization", 0.98}, {"max_model_len", 8192}},
       22.03,
       "graph-capture",
       torch_error(0.25, 0.2, 22.03),
       14.9888,
       5.2},
      {"the sampler is warmed up with too many sequences",
       "sampler-warm-up",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.95}, {"max_num_seqs", 512}, {"max_model_len", 8192}},
       23.52,
       "warm-up",
       "RuntimeError: CUDA out of memory occurred when warming up sampler with 512 dummy requests. Please try lowering "
       "`max_num_seqs` or `gpu_memory_utilization` when initializing the engine.",
       15.27,
       4.0},
      {"it runs out of memory behind the CUDA graphs",
       "cuda-oom-warm-up",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"gpu_memory_utilization", 0.95}, {"max_model_len", 8192}},
       23.52,
       "warm-up",
       torch_error(0.6, 0.4, 23.52),
       15.27,
       4.0},
      {"it runs out of memory while it serves",
       "cuda-oom-serving",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.11.0",
       {{"gpu_memory_utilization", 0.95}, {"max_model_len", 8192}},
       23.52,
       "serving",
       torch_error(0.5, 0.3, 23.52),
       14.9888,
       5.6},
      {"another process holds half of the card",
       "free-memory-below-request",
       "meta-llama/Llama-3.1-8B-Instruct",
       "L40S",
       "0.11.0",
       {{"gpu_memory_utilization", 0.9}, {"max_model_len", 8192}},
       44.39,
       "start",
       less_free(23.4, 44.39, 0.9),
       std::nullopt,
       std::nullopt},
      {"another process holds nearly all of the card",
       "free-memory-below-request",
       "meta-llama/Llama-3.1-8B-Instruct",
       "RTX 4090",
       "0.21.0",
       {{"max_model_len", 8192}},
       23.52,
       "start",
       less_free(3.1, 23.52, 0.92),
       std::nullopt,
       std::nullopt},
      {"a hybrid has fewer state blocks than sequences",
       "state-blocks",
       "Qwen/Qwen3-Next-80B-A3B-Instruct",
       "H200",
       "0.11.0",
       {{"tensor_parallel_size", 2}, {"max_model_len", 32768}, {"max_num_seqs", 1024}},
       139.8,
       "graph-capture",
       "ValueError: max_num_seqs (1024) exceeds available Mamba cache blocks (447). Each decode request "
       "needs a block of its own.",
       74.2812,
       44.59},
      {"40 heads on three cards",
       "heads-not-divisible",
       "Qwen/Qwen3-14B",
       "RTX 4090",
       "0.10.2",
       {{"tensor_parallel_size", 3}, {"max_model_len", 8192}},
       0,
       "start",
       "ValueError: Total number of attention heads (40) must be divisible by tensor parallel size (3).",
       std::nullopt,
       std::nullopt},
      {"bf16 on a card that lacks it",
       "dtype-not-supported",
       "Qwen/Qwen3-0.6B",
       "T4",
       "0.10.2",
       {{"dtype", "bfloat16"}, {"max_model_len", 8192}},
       0,
       "start",
       "ValueError: Bfloat16 is only supported on GPUs with compute capability of at least 8.0. Your Tesla T4 GPU has "
       "compute capability 7.5. You can use float16 instead by explicitly setting the `dtype` flag in CLI, for "
       "example: "
       "--dtype=half.",
       std::nullopt,
       std::nullopt},
      {"a context above the model's own",
       "context-above-model",
       "Qwen/Qwen3-8B",
       "H100 80GB",
       "0.10.2",
       {{"max_model_len", 200000}},
       0,
       "start",
       "ValueError: User-specified max_model_len (200000) is greater than the derived max_model_len "
       "(max_position_embeddings=40960 or model_max_length=None in model's config.json).",
       std::nullopt,
       std::nullopt},
      {"four cards are asked for where there are fewer",
       "too-few-gpus",
       "Qwen/Qwen3-8B",
       "RTX 4090",
       "0.10.2",
       {{"tensor_parallel_size", 4}, {"max_model_len", 8192}},
       0,
       "start",
       "ValueError: World size (4) is larger than the number of available GPUs (2) in this node. If this is "
       "intentional "
       "and you are using:",
       std::nullopt,
       std::nullopt},
  };
  (void)llama;
  return all;
}
}  // namespace vw::test
