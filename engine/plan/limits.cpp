// plan: how far a request could go: context, sequences, utilization, GPUs.
#include "plan/plan.hpp"
#include "plan/solve.hpp"
#include "plan/utilization.hpp"

namespace vw {
namespace {

// What the memory model says itself, else what bisection finds.
void find_load(const Scenario& scenario, const Plan& plan, MemoryJudge& memory, Limits& limits) {
  limits.concurrency = most_sequences_of(memory, plan.candidate, plan.memory);
  limits.context_tokens = static_cast<std::int64_t>(plan.memory.max_context_tokens);
  if (tells_its_load(plan.memory)) return;
  limits.context_tokens = largest_fitting_context(memory, plan.candidate, scenario.model.max_context_tokens);
}

std::optional<Parallel> find_fewest_gpus(const Scenario& scenario, const Plan& plan, MemoryJudge& memory) {
  for (Parallel way : layouts(scenario)) {
    way.data = plan.parallel.data;
    const vw_candidate candidate = spread(plan.candidate, way);
    if (fits(memory.judge(with_utilization(scenario, candidate, memory)))) return way;
  }
  return std::nullopt;
}

}  // namespace

vw_candidate spread(vw_candidate candidate, const Parallel& way) {
  candidate.tensor_parallel = static_cast<std::uint32_t>(way.tensor);
  candidate.pipeline_parallel = static_cast<std::uint32_t>(way.pipeline);
  candidate.gpus = static_cast<std::uint32_t>(way.group()) * candidate.data_parallel;
  candidate.nodes = 1;
  if ((candidate.flags & VW_EXPERT_PARALLEL) != 0)
    candidate.expert_parallel = candidate.tensor_parallel * candidate.data_parallel;
  return candidate;
}

Limits find_limits(const Scenario& scenario, const Plan& plan, MemoryJudge& memory) {
  Limits limits;
  find_load(scenario, plan, memory, limits);
  if (!scenario.is_mendable()) return limits;  // it runs nowhere
  limits.utilization = smallest_fitting_utilization(memory, plan.candidate);
  limits.fewest_gpus = find_fewest_gpus(scenario, plan, memory);
  return limits;
}

}  // namespace vw
