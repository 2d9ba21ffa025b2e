// plan: the largest number that still fits, by bisection over `evaluate`.
#pragma once

#include "plan/judge.hpp"

#include <cstdint>

namespace vw {

// The largest context_tokens up to `most` that fits, rounded down to whole blocks of `multiple`; 0 when none does.
// Memory grows with context (a property that the conformance test holds every memory model to).
std::int64_t largest_fitting_context(MemoryJudge& judge, vw_candidate candidate, std::int64_t most,
                                     std::int64_t multiple = 16);

// The largest concurrency up to `most` that fits; 0 when none does.
std::int64_t largest_fitting_concurrency(MemoryJudge& judge, vw_candidate candidate, std::int64_t most);

}  // namespace vw
