// One candidate: budget, components, blocks, verdict. What depends on formats and parallel sizes only is worked out
// once and kept for the neighbours of a candidate. [one thread at a time]
#pragma once

#include "load.hpp"

#include "plugin.h"

#include <array>
#include <optional>

namespace vllm_memory {

// All of one rank of one stage, with the budget that is left for blocks.
struct StageMemory {
  Interval weights, activation, non_torch, kv_available;
  Graphs graphs;
  double blocks = 0;
};

struct Estimate {
  Load load;
  Layout layout;
  KvGeometry geometry;
  std::vector<StageMemory> stages;
  std::size_t fullest = 0;                                      // stage with the fewest blocks
  double total_bytes = 0, requested_bytes = 0, free_bytes = 0;  // free: before the server starts
  double in_flight_tokens = 0;
  double blocks = 0;
  double blocks_per_sequence = 0;
  bool is_prefix_caching = false;
};

class Estimator {
 public:
  explicit Estimator(Settings settings) : settings_(std::move(settings)) {}

  vw_memory estimate(const vw_candidate& candidate) const;
  // The same with its parts, for explanations.
  Estimate parts(const vw_candidate& candidate) const;
  const Settings& settings() const noexcept { return settings_; }

 private:
  struct Key {
    std::array<std::uint32_t, 10> values{};
    bool operator==(const Key& other) const { return values == other.values; }
  };
  struct Prepared {
    Key key;
    Layout layout;
    KvGeometry geometry;
    std::vector<Interval> weights;      // per stage
    double buffer_bytes_per_token = 0;  // of a step, on the first stage, made while loading
    double block_tokens = 16;
    bool is_prefix_caching = false;
  };

  static Key key_of(const vw_candidate& candidate);
  const Prepared& prepare(const vw_candidate& candidate) const;
  Load load_of(const vw_candidate& candidate) const;
  const Gpu& gpu_of(const vw_candidate& candidate) const;
  const Release& release_of(const vw_candidate& candidate) const;
  const Format& format_of(const vw_candidate& candidate) const;

  Settings settings_;
  mutable std::vector<Prepared> prepared_;
  mutable std::size_t last_ = 0;
};

}  // namespace vllm_memory
