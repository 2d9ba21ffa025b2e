#include "plan/utilization.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <vector>

namespace vw {

double choose_utilization(const Scenario& scenario, const Policy& policy) {
  if (scenario.request.gpu_memory_utilization) return *scenario.request.gpu_memory_utilization;
  const double most = scenario.hardware.totals.most_utilization;
  if (policy.gpu_memory_utilization > 0) return std::min(policy.gpu_memory_utilization, most);
  const double usual = std::min(scenario.release.gpu_memory_utilization, most);
  return scenario.hardware.gpu.is_consumer() ? std::min(usual, scenario.rules.consumer_gpu_memory_utilization) : usual;
}

namespace {

bool starts(const vw_memory& judged) { return judged.reason != VW_REASON_UTILIZATION_ABOVE_FREE; }
bool starts_and_survives(const vw_memory& judged) { return starts(judged) && judged.survives != VW_NO; }

// The next share to try, in hundredths: at most what the model says would start.
double below(double utilization, const vw_memory& judged) {
  constexpr double hundredths = 100, rounding = 1e-9;
  const double lower = std::ceil(utilization * hundredths - rounding) - 1;
  const bool is_told = !starts(judged) && judged.reason_value > 0;
  const double most = is_told ? std::floor(judged.reason_value * hundredths + rounding) : lower;
  return std::min(lower, most) / hundredths;
}

// Those that neither start nor survive, each with the next share.
void judge_lowered(std::span<vw_candidate> candidates, std::span<vw_memory> results,
                   const std::vector<std::size_t>& places, MemoryJudge& memory) {
  std::vector<vw_candidate> lowered;
  for (const std::size_t at : places) {
    vw_candidate& candidate = candidates[at];
    candidate.utilization = below(candidate.utilization, results[at]);
    lowered.push_back(candidate);
  }
  std::vector<vw_memory> judged(lowered.size());
  memory.judge(lowered, judged);
  for (std::size_t i = 0; i < places.size(); ++i) results[places[i]] = judged[i];
}

}  // namespace

double startable_utilization(const vw_candidate& candidate, MemoryJudge& memory) {
  vw_candidate tried = candidate;
  std::optional<double> largest_that_starts;
  while (tried.utilization > 0) {
    const vw_memory judged = memory.judge(tried);
    if (starts_and_survives(judged)) return tried.utilization;
    if (starts(judged) && !largest_that_starts) largest_that_starts = tried.utilization;
    tried.utilization = below(tried.utilization, judged);
  }
  return largest_that_starts.value_or(candidate.utilization);
}

vw_candidate with_utilization(const Scenario& scenario, vw_candidate candidate, MemoryJudge& memory) {
  if (!scenario.request.gpu_memory_utilization) candidate.utilization = startable_utilization(candidate, memory);
  return candidate;
}

void judge_with_utilization(const Scenario& scenario, std::span<vw_candidate> candidates, std::span<vw_memory> results,
                            MemoryJudge& memory) {
  memory.judge(candidates, results);
  if (scenario.request.gpu_memory_utilization) return;
  std::vector<std::size_t> places;
  std::vector<double> usual;
  for (std::size_t at = 0; at < candidates.size(); ++at) {
    usual.push_back(candidates[at].utilization);
    if (!starts_and_survives(results[at])) places.push_back(at);
  }
  constexpr double least = 0.01;
  while (!places.empty()) {
    judge_lowered(candidates, results, places, memory);
    std::erase_if(places, [&](std::size_t at) {
      if (starts_and_survives(results[at])) return true;
      if (candidates[at].utilization > least) return false;
      candidates[at].utilization = usual[at];  // no share survives
      candidates[at].utilization = startable_utilization(candidates[at], memory);
      results[at] = memory.judge(candidates[at]);
      return true;
    });
  }
}

}  // namespace vw
