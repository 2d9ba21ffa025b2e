// plan: how the model is spread over GPUs.
#pragma once

#include "facts/scenario.hpp"

#include <string>
#include <vector>

namespace vw {

struct Parallel {
  std::int64_t tensor = 1, pipeline = 1, data = 1;
  std::string reason;

  std::int64_t group() const { return tensor * pipeline; }  // GPUs that hold one copy of the model
  std::int64_t total() const { return tensor * pipeline * data; }
};

// Given sizes are checked, the others chosen: tensor parallel is the largest power of two <= GPUs of a node that
// divides the attention heads and for which vLLM can shard or replicate the KV heads. Throws vw::Error when the heads
// do not divide, the layers are too few, or the GPUs do not suffice.
Parallel choose_parallel(const Scenario& scenario);

// How many cards a search for more of them looks at.
inline constexpr std::int64_t most_gpus = 64;

// Ways to spread one replica over more and more cards of this kind, fewest first: tensor parallel in powers of two up
// to the cards of a node, then pipeline stages of whole nodes. At most `most` cards.
std::vector<Parallel> layouts(const Scenario& scenario, std::int64_t most = most_gpus);

// Whether vLLM can split the heads so: it divides the query heads, and divides or is a multiple of the KV heads
// (vllm/model_executor/layers/linear.py: QKVParallelLinear).
bool can_split_heads(const Model& model, std::int64_t tensor_parallel);

}  // namespace vw
