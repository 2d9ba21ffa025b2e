// Bytes of weights on one rank, as torch allocates them: "Model loading took" of the start-up log.
// Rules: vllm/model_executor/layers/linear.py, vocab_parallel_embedding.py, fused_moe/; c10/cuda/CUDACachingAllocator.
#pragma once

#include "settings.hpp"

namespace vllm_memory {

// How one engine is laid out over GPUs.
struct Layout {
  double tensor = 1, pipeline = 1, data = 1;
  bool experts_split = false;  // --enable-expert-parallel
};

// First and one-past-last layer of each pipeline stage (vllm/distributed/utils.py: get_pp_indices), or as given.
std::vector<std::pair<int, int>> stages_of(int layers, int stages, const std::vector<int>& given);

// What one stage loads. `format`: what the weights are stored in when the run puts a format on a 16-bit model.
struct WeightsQuestion {
  const Settings& settings;
  const Release& release;
  const Gpu& gpu;
  const Format& format;
  Layout layout;
};

// Bytes of one rank of stage `stage`. The interval covers kernels and ignore lists that the files do not tell.
Interval stage_weights(const WeightsQuestion& question, int stage);

// Bytes per token of a step that towers with several output levels keep from loading on (models/qwen3_vl.py,
// deepstack).
double output_buffers_per_token(const Settings& settings);

// Why vLLM refuses to split these weights over so many ranks: blocks and groups of scales must not be cut
// (quantization/fp8.py, gptq_marlin.py, awq_marlin.py), key-value heads are split or copied evenly. Empty: it does not.
std::string split_obstacle(const WeightsQuestion& question);

// Rows of queries, keys and values in a fused projection of `outputs` rows.
struct QkvRows {
  double query = 0, kv = 0;
};
QkvRows qkv_rows(const Group& group, double outputs);

}  // namespace vllm_memory
