// plan: the tokens of a step that are worth most for the batching mode: those of the rule, a half or a double of them.
#pragma once

#include "plan/batch_limits.hpp"

#include <functional>
#include <string>

namespace vw {

// Where the search began and what it says of it.
struct BatchSearch {
  std::int64_t rule_tokens = 0;
  std::string found;  // to be put behind the rule: what was taken and the next best, empty: nothing was compared
};

// A candidate as it is started, and how its limits came about.
struct Started {
  vw_candidate candidate{};
  BatchSearch batch;
};

// The candidate as a server with these limits would have it.
using StartWith = std::function<vw_candidate(const BatchLimits& limits)>;

// From the limits of the rule to others, where these are worth at least rules.least_gain more, or keep
// --target-latency-ms and the rule does not; they have to fit with a margin and leave the context as long as it is.
// As it was where the user gave the tokens or asks for all sequences that fit, and where the heuristic says no
// throughput.
Started search_limits(const Scenario& scenario, const vw_candidate& by_rule, const StartWith& start_with,
                      MemoryJudge& memory, PerfJudge& perf);

// The limits that are worth most for a candidate whose context and share of the card stay as they are.
Started with_best_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory, PerfJudge& perf);

}  // namespace vw
