// plan: the largest number that still fits, by bisection over `evaluate`.
#pragma once

#include "plan/judge.hpp"

#include <cstdint>
#include <functional>
#include <optional>

namespace vw {

// Largest value in [1, most] for which `holds`, which is true up to some point; 0 when it never is.
std::int64_t largest_that(std::int64_t most, const std::function<bool(std::int64_t)>& holds);

// What counts as fitting: `fits`, or `fits_at_low_end` for a careful answer.
using Fitting = bool (*)(const vw_memory& memory);

// The largest context_tokens up to `most` that fits, rounded down to whole blocks of 16; 0 when none does.
// Memory grows with context (a property that the conformance test holds every memory model to).
std::int64_t largest_fitting_context(MemoryJudge& judge, vw_candidate candidate, std::int64_t most,
                                     Fitting fitting = fits);

// `most` when it fits by the best estimate, else the largest that fits even at the low end of the interval; where not
// one token does, by the best estimate again.
std::int64_t largest_reliable_context(MemoryJudge& judge, vw_candidate candidate, std::int64_t most);

// The largest concurrency up to `most` that fits; 0 when none does.
std::int64_t largest_fitting_concurrency(MemoryJudge& judge, vw_candidate candidate, std::int64_t most);

// Whether a memory model's answer says itself how far the load could go.
bool tells_its_load(const vw_memory& judged);

// Sequences of its context that all replicas hold together: what the memory model says itself of `judged`, the answer
// to `candidate`, else what bisection finds.
double most_sequences_of(MemoryJudge& judge, const vw_candidate& candidate, const vw_memory& judged);

// The smallest gpu_memory_utilization, in so many steps of the whole card, with which it fits even at the low end of
// the estimate, or as `fitting` says; empty when there is none.
std::optional<double> smallest_fitting_utilization(MemoryJudge& judge, vw_candidate candidate, std::int64_t steps = 100,
                                                   Fitting fitting = fits_at_low_end);

}  // namespace vw
