// The same in words: every part of a step with formula, inputs, grade and source.
#pragma once

#include "estimate.hpp"

#include <nlohmann/json_fwd.hpp>

namespace roofline {

// A question of the engine: a candidate, and of its memory what there is. Mean lengths may be given beside it, as runs
// draw them: {"prompt_tokens": 921.6, "generated_tokens": 921.6}.
struct Question {
  vw_candidate candidate{};
  vw_memory memory{};
  Lengths lengths;
};
Question read_question(const nlohmann::json& request);

// {"terms": [...], "assumptions": [...], "warnings": [...], "physical_limit_ms": time per output token at the
// datasheet's peaks}
nlohmann::json explain(const Estimator& estimator, const Question& question);
// What a benchmark would record, with the numbers on the way.
nlohmann::json benchmark(const Estimator& estimator, const Question& question);
// The scheduler replayed: percentiles. Of the request: "seed", "request_rate_per_s" (0: a closed loop of the
// candidate's concurrency), "burst_requests".
nlohmann::json simulate(const Estimator& estimator, const nlohmann::json& request);

}  // namespace roofline
