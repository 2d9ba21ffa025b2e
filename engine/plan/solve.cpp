#include "plan/solve.hpp"

#include <algorithm>
#include <cmath>

namespace vw {

std::int64_t largest_that(std::int64_t most, const std::function<bool(std::int64_t)>& holds) {
  std::int64_t low = 0, high = most;
  while (low < high) {
    const std::int64_t middle = low + (high - low + 1) / 2;
    if (holds(middle))
      low = middle;
    else
      high = middle - 1;
  }
  return low;
}

std::int64_t largest_fitting_context(MemoryJudge& judge, vw_candidate candidate, std::int64_t most, Fitting fitting) {
  constexpr std::int64_t multiple = 16;
  const auto holds = [&](std::int64_t tokens) {
    candidate.context_tokens = static_cast<std::uint64_t>(tokens);
    return fitting(judge.judge(candidate));
  };
  if (holds(most)) return most;
  return largest_that(most / multiple, [&](std::int64_t blocks) { return holds(blocks * multiple); }) * multiple;
}

std::int64_t largest_reliable_context(MemoryJudge& judge, vw_candidate candidate, std::int64_t most) {
  const std::int64_t possible = largest_fitting_context(judge, candidate, most);
  if (possible == 0 || possible == most) return possible;
  const std::int64_t certain = largest_fitting_context(judge, candidate, most, fits_at_low_end);
  return certain > 0 ? certain : possible;
}

std::int64_t largest_fitting_concurrency(MemoryJudge& judge, vw_candidate candidate, std::int64_t most) {
  return largest_that(most, [&](std::int64_t sequences) {
    candidate.concurrency = static_cast<std::uint64_t>(sequences);
    return fits(judge.judge(candidate));
  });
}

bool tells_its_load(const vw_memory& judged) { return judged.kv_sequence_bytes > 0 || judged.max_concurrency > 0; }

double most_sequences_of(MemoryJudge& judge, const vw_candidate& candidate, const vw_memory& judged) {
  constexpr std::int64_t most_asked_for = 1000000;
  if (tells_its_load(judged)) return std::floor(judged.max_concurrency) * std::max(candidate.data_parallel, 1u);
  return static_cast<double>(largest_fitting_concurrency(judge, candidate, most_asked_for));
}

std::optional<double> smallest_fitting_utilization(MemoryJudge& judge, vw_candidate candidate, std::int64_t steps,
                                                   Fitting fitting) {
  const auto at = [&](std::int64_t share) {
    candidate.utilization = static_cast<double>(share) / static_cast<double>(steps);
    return judge.judge(candidate);
  };
  // Below the answer there is too little for the KV cache; far above it vLLM may find too little memory free.
  const std::int64_t too_little = largest_that(steps, [&](std::int64_t share) {
    const vw_memory memory = at(share);
    return !fitting(memory) && memory.reason != VW_REASON_UTILIZATION_ABOVE_FREE;
  });
  const std::int64_t smallest = too_little + 1;
  if (smallest > steps || !fitting(at(smallest))) return std::nullopt;
  return static_cast<double>(smallest) / static_cast<double>(steps);
}

}  // namespace vw
