// plan: what fewer bits would gain. They are taken where --target-latency-ms is missed without them.
#pragma once

#include "plan/plan.hpp"

#include <string>

namespace vw {

// "fp8 made at load time", "awq from the checkpoint org/sample-AWQ".
std::string in_words(const WeightChoice& weights);

// Where the configuration misses --target-latency-ms, the first of all ways with fewer bits that keeps it: KV cache
// before weights, most bits first. Whether there was one.
bool give_up_precision(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf, Recommendation& result);

// Add to the reasons of weights and KV cache what others would give, where there are such and the heuristic says
// throughput.
void name_other_weights(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf, Recommendation& result);
void name_other_kv_cache(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf, Recommendation& result);

}  // namespace vw
