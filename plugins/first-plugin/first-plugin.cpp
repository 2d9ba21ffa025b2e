// First plugin: a memory model that knows weights only. 7e9 parameters of two bytes on cards of 80 GB.
#include "plugin.hpp"

struct WeightsOnly {
  explicit WeightsOnly(std::string_view /*settings: JSON text*/) {}
  vw_memory estimate(const vw_candidate& candidate) const {
    vw_memory memory{};
    memory.weights_bytes = 7e9 * 2.0 / candidate.tensor_parallel;
    memory.capacity_bytes = 80e9 * candidate.utilization;
    return memory;
  }
};
static constexpr vw_part weights_only =
    vw::memory_model_part<WeightsOnly>::make("weights-only", "counts weights, ignores the KV cache");

VW_PLUGIN("first", "0.1.0", &weights_only)
