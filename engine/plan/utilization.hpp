// plan: the share of a card that vLLM may take.
#pragma once

#include "plan/judge.hpp"

namespace vw {

// As given, else the usual one of memory model, release and card.
double choose_utilization(const Scenario& scenario, const Policy& policy);

// The largest share up to the candidate's, in hundredths, with which vLLM finds enough memory free to start and does
// not run out of it under load; the candidate's own where no share makes it start.
double startable_utilization(const vw_candidate& candidate, MemoryJudge& memory);

// The candidate with a share that starts, unless the user gave one.
vw_candidate with_utilization(const Scenario& scenario, vw_candidate candidate, MemoryJudge& memory);

// The same for many candidates, and the results of judging them then.
void judge_with_utilization(const Scenario& scenario, std::span<vw_candidate> candidates, std::span<vw_memory> results,
                            MemoryJudge& memory);

}  // namespace vw
