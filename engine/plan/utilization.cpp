#include "plan/utilization.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace vw {

double choose_utilization(const Scenario& scenario, const Policy& policy) {
  if (scenario.request.gpu_memory_utilization) return *scenario.request.gpu_memory_utilization;
  const double most = scenario.hardware.totals.most_utilization;
  if (policy.gpu_memory_utilization > 0) return std::min(policy.gpu_memory_utilization, most);
  const double usual = std::min(scenario.release.gpu_memory_utilization, most);
  return scenario.hardware.gpu.is_consumer() ? std::min(usual, scenario.rules.consumer_gpu_memory_utilization) : usual;
}

double startable_utilization(const vw_candidate& candidate, MemoryJudge& memory) {
  constexpr double hundredths = 100;
  vw_candidate tried = candidate;
  tried.context_tokens = 1;  // whether it starts at all
  std::optional<double> largest_that_starts;
  for (double share = std::floor(candidate.utilization * hundredths); share > 0; --share) {
    const vw_memory judged = memory.judge(tried);
    const bool starts = judged.reason != VW_REASON_UTILIZATION_ABOVE_FREE;
    if (starts && !largest_that_starts) largest_that_starts = tried.utilization;
    if (starts && (!fits(judged) || judged.survives != VW_NO))
      return fits(judged) ? tried.utilization : *largest_that_starts;
    tried.utilization = (share - 1) / hundredths;
  }
  return largest_that_starts.value_or(candidate.utilization);
}

vw_candidate with_utilization(const Scenario& scenario, vw_candidate candidate, MemoryJudge& memory) {
  if (!scenario.request.gpu_memory_utilization) candidate.utilization = startable_utilization(candidate, memory);
  return candidate;
}

}  // namespace vw
