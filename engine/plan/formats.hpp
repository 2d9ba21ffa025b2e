// plan: every way to store the weights and the KV cache that vLLM offers for this model on this card, side by side.
#pragma once

#include "plan/plan.hpp"

#include <optional>
#include <vector>

namespace vw {

// The request as it is judged, stored in another way, with the batch limits that are worth most then.
struct WeighedFormats {
  vw_candidate candidate{};
  vw_memory memory{};
  double most_sequences = 0;    // of the judged context; 0: not even one
  std::optional<vw_perf> perf;  // empty: it does not fit, or the heuristic says nothing of it
};

// In the order of Scenario::weights (most bits first), each with the KV cache that runs and then a smaller one. Empty
// where nothing runs on this card.
std::vector<WeighedFormats> weigh_formats(const Scenario& scenario, const Plan& plan, MemoryJudge& memory,
                                          PerfJudge& perf);

// "formats" of the plan's JSON.
Json to_json(const Scenario& scenario, const Plan& plan, const std::vector<WeighedFormats>& weighed);

}  // namespace vw
