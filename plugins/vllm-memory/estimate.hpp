// One candidate: budget, components, blocks, verdict. What depends on formats and parallel sizes only is worked out
// once and kept for the neighbours of a candidate. [one thread at a time]
#pragma once

#include "load.hpp"
#include "uncertainty.hpp"

#include "plugin.h"

#include <array>
#include <map>

namespace vllm_memory {

// Formats, card, release, parallel sizes, block and flags of a candidate.
using PreparedKey = std::array<std::uint32_t, 10>;

// What the candidates with the same formats, card, release and parallel sizes share.
struct Prepared {
  Layout layout;
  KvGeometry geometry;
  std::vector<Interval> weights;      // per stage
  double buffer_bytes_per_token = 0;  // of a step, on the first stage, made while loading
  double default_sequences = 0, default_batched_tokens = 0;
  Interval non_torch;
  std::vector<FittedTerm> fitted;  // that non_torch is the sum of
  Uncertainty uncertainty;
  double context_bytes = 0;
  double in_flight_steps = 1;
  bool is_v2_runner = false, is_prefix_caching = false;
  std::string obstacle;  // why vLLM refuses the split; empty: it does not
};

// All of one rank of one stage, with the budget that is left for blocks.
struct StageMemory {
  Interval weights, activation, non_torch, overhead, kv_available;  // overhead: all in the budget but weights
  Graphs graphs;
  double total_bytes = 0, requested_bytes = 0;
  double kv_spread_bytes = -1;  // of what is left, as logs of this load have it; below 0: by the terms
};

struct Estimate {
  Load load;
  const Prepared* prepared = nullptr;  // the estimator's
  std::vector<StageMemory> stages;
  std::size_t fullest = 0;                                      // stage with the fewest blocks
  double total_bytes = 0, requested_bytes = 0, free_bytes = 0;  // free: before the server starts
  double in_flight_tokens = 0;
  double blocks = -1;          // -1: nothing is cached
  double checked_blocks = -1;  // what vLLM holds against the need of one sequence
  double blocks_per_sequence = 0;
};

class Estimator {
 public:
  explicit Estimator(Settings settings);

  vw_memory estimate(const vw_candidate& candidate) const;
  // The same with its parts, for explanations; valid until the next call.
  const Estimate& parts(const vw_candidate& candidate) const;
  const Settings& settings() const noexcept { return settings_; }

 private:
  const Prepared& prepare(const vw_candidate& candidate) const;
  Prepared make(const vw_candidate& candidate) const;
  Load load_of(const vw_candidate& candidate, const Prepared& prepared) const;
  StageMemory stage_memory(const StageQuestion& question, const Prepared& prepared, std::size_t stage) const;
  void put_stages(const vw_candidate& candidate, const Prepared& prepared, const Load& load, Estimate& estimate) const;
  void put_budget(const Prepared& prepared, const StepRules& step, double utilization, StageMemory& memory) const;

  Settings settings_;
  mutable std::map<PreparedKey, Prepared> prepared_;
  mutable const std::pair<const PreparedKey, Prepared>* last_ = nullptr;
  bool context_matters_ = false;  // to anything but the number of blocks
  // A search asks for the same few loads with many contexts and shares of the card: the stages of each are kept.
  static constexpr std::size_t kept_loads = 64;
  mutable std::array<Estimate, kept_loads> kept_;
};

}  // namespace vllm_memory
