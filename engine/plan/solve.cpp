#include "plan/solve.hpp"

#include <algorithm>

namespace vw {
namespace {

// Largest value in [1, most] for which `holds`, which is true up to some point; 0 when it never is.
template <class Holds>
std::int64_t bisect(std::int64_t most, Holds&& holds) {
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

}  // namespace

std::int64_t largest_fitting_context(MemoryJudge& judge, vw_candidate candidate, std::int64_t most,
                                     std::int64_t multiple) {
  const auto holds = [&](std::int64_t tokens) {
    candidate.context_tokens = static_cast<std::uint64_t>(tokens);
    return fits(judge.judge(candidate));
  };
  if (holds(most)) return most;
  return bisect(most / multiple, [&](std::int64_t blocks) { return holds(blocks * multiple); }) * multiple;
}

std::int64_t largest_fitting_concurrency(MemoryJudge& judge, vw_candidate candidate, std::int64_t most) {
  return bisect(most, [&](std::int64_t sequences) {
    candidate.concurrency = static_cast<std::uint64_t>(sequences);
    return fits(judge.judge(candidate));
  });
}

}  // namespace vw
