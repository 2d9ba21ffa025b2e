// What the server works on at most: the numbers that size everything but weights and blocks.
#pragma once

#include "kv_cache.hpp"

namespace vllm_memory {

struct Load {
  double batched_tokens = 0;  // T: tokens of one step
  double sequences = 0;       // N: max_num_seqs
  double context_tokens = 0;  // X: max_model_len
  bool is_v2_runner = false;
  bool is_eager = false;
};

// Everything that the overhead terms look at, for one rank of one stage.
struct StageQuestion {
  const Settings& settings;
  const Release& release;
  const Gpu& gpu;
  const Format& format;
  Layout layout;
  Load load;
  bool is_first = true, is_last = true;
};

// Peak while images (or sounds) are encoded, and what of it stays until the profile run ends.
struct EncoderLoad {
  double peak_bytes = 0, kept_bytes = 0, spread = 0;  // spread: relative half width
};
EncoderLoad encoder_load(const StageQuestion& question);

// Peak of the profile run above the weights (vllm/v1/worker/gpu_model_runner.py: profile_run): the largest of its
// phases, not their sum.
Interval activation_peak(const StageQuestion& question);

// Memory in the budget that torch does not see, or that "consumed" adds to the weights: a sum of terms that were all
// set from logs, each under one name in all releases that measure it the same way.
struct FittedTerm {
  std::string name;
  Interval bytes;
};
std::vector<FittedTerm> non_torch_terms(const StageQuestion& question);
Interval non_torch(const StageQuestion& question, const std::vector<FittedTerm>& terms);

// CUDA graphs: how much they take, and whether the release subtracts an estimate of it from the KV cache.
struct Graphs {
  Interval bytes;
  bool is_subtracted = false;
};
Graphs cuda_graphs(const StageQuestion& question);

// Gone on an idle card before the budget starts: CUDA context, communicators.
double context_bytes(const StageQuestion& question);

}  // namespace vllm_memory
