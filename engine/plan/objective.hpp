// plan: what a plan is to be good at, and the split of the cards that is best at it.
#pragma once

#include "plan/plan.hpp"

#include <optional>

namespace vw {

// Time of a whole request, the queue for its first token included.
double request_ms(const Request& request, const vw_perf& perf);

// How good that is for the batching mode, more is better: throughput: output tokens/s of all users; latency: requests
// that one user gets answered in a time; balanced: their geometric mean. 0 where the heuristic does not say.
double worth(const Request& request, const vw_perf& perf);
// Within --target-latency-ms, or nobody asked for it.
bool is_in_time(const Request& request, const vw_perf& perf);
// What is in time before what is not, then what is worth more.
bool is_better(const Request& request, const vw_perf& perf, const vw_perf& other);
// "921 tokens/s, 21.71 s a request".
std::string speed_in_words(const Request& request, const vw_perf& perf);

// A configuration and how fast it is.
struct Timed {
  vw_candidate candidate{};
  vw_perf perf{};
};
// Of what fits; empty: it is worth nothing that anybody knows.
std::optional<Timed> timed(const Request& request, const vw_candidate& candidate, const vw_memory& memory,
                           PerfJudge& perf);

// The way to spread all cards of one node over tensor parallel groups and copies of the model that is worth most, among
// those that fit; those within --target-latency-ms before others. Empty where the user chose, there is nothing to
// choose, nothing fits, or the heuristic gives no throughput.
std::optional<Parallel> best_parallel(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf);

}  // namespace vw
