#include "plan/plan.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/batch_limits.hpp"
#include "plan/objective.hpp"
#include "plan/solve.hpp"
#include "plan/utilization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace vw {
namespace {

// The context that is judged: as given up to the model's own maximum; when not given, that maximum where it fits, else
// what fits with certainty, but never less than one request needs.
vw_candidate with_judged_context(const Scenario& scenario, vw_candidate candidate, MemoryJudge& memory) {
  const std::int64_t most = scenario.model.max_context_tokens;
  const Request& request = scenario.request;
  const std::int64_t needed = std::min(request.prompt_tokens + request.generated_tokens, most);
  candidate.context_tokens = static_cast<std::uint64_t>(
      request.max_model_len ? std::min(*request.max_model_len, most)
                            : std::max(largest_reliable_context(memory, candidate, most), needed));
  return candidate;
}

vw_candidate candidate_with(const Scenario& scenario, const vw_candidate& requested, const BatchLimits& limits,
                            MemoryJudge& memory) {
  return with_judged_context(scenario, with_utilization(scenario, with_limits(requested, limits), memory), memory);
}

void warn_about_context(const Scenario& scenario, Plan& plan) {
  const std::int64_t most = scenario.model.max_context_tokens;
  const Request& request = scenario.request;
  const std::int64_t needed = request.prompt_tokens + request.generated_tokens;
  if (needed > most)
    plan.warnings.push_back(fmt::format("a request of {} + {} tokens is longer than the model's {} tokens",
                                        request.prompt_tokens, request.generated_tokens, most));
  if (!request.max_model_len) return;
  if (*request.max_model_len > most)
    plan.warnings.push_back(fmt::format("--max-model-len {} is above the model's own maximum: planned with {}",
                                        *request.max_model_len, most));
  if (needed > *request.max_model_len)
    plan.warnings.push_back(fmt::format("a request of {} + {} tokens is longer than --max-model-len {}",
                                        request.prompt_tokens, request.generated_tokens, *request.max_model_len));
}

void add_strings(std::vector<std::string>& to, const Json& from) {
  for (const Json& text : from)
    if (text.is_string()) to.push_back(text.get<std::string>());
}

void warn_about_latency(const Scenario& scenario, Plan& plan) {
  if (!scenario.request.target_latency_ms || plan.perf.tpot_ms <= 0) return;
  const double total_ms = request_ms(scenario.request, plan.perf);
  if (total_ms > *scenario.request.target_latency_ms)
    plan.warnings.push_back(
        fmt::format("a request of {} + {} tokens takes about {:.0f} ms, more than --target-latency-ms {:.0f}",
                    scenario.request.prompt_tokens, scenario.request.generated_tokens, total_ms,
                    *scenario.request.target_latency_ms));
}

void warn_about_leftovers(const Scenario& scenario, Plan& plan) {
  const std::int64_t unused = scenario.hardware.total_gpus() - plan.parallel.total();
  if (unused > 0)
    plan.warnings.push_back(fmt::format("{} of {} gpus stay unused at tensor {} x pipeline {} x data {}", unused,
                                        scenario.hardware.total_gpus(), plan.parallel.tensor, plan.parallel.pipeline,
                                        plan.parallel.data));
}

// A split that nobody asked for and that the memory model says vLLM refuses, of weights for example whose scales it
// would cut, gives way to the next smaller one.
void narrow_until_supported(const Scenario& scenario, double utilization, MemoryJudge& memory, Parallel& parallel) {
  if (scenario.request.tensor_parallel) return;
  const auto is_refused = [&](std::int64_t tensor) {
    Parallel tried = parallel;
    tried.tensor = tensor;
    return memory.judge(requested_candidate(scenario, tried, utilization)).verdict == VW_UNSUPPORTED;
  };
  const std::int64_t widest = parallel.tensor;
  std::int64_t tensor = widest;
  while (tensor > 1 && is_refused(tensor)) tensor /= 2;
  if (tensor == widest || is_refused(tensor)) return;
  parallel.tensor = tensor;
  parallel.reason = fmt::format("vLLM refuses to split these weights over {}", widest);
}

}  // namespace

vw_candidate requested_candidate(const Scenario& scenario, const Parallel& parallel, double utilization) {
  const Request& request = scenario.request;
  vw_candidate candidate{};
  candidate.gpus = static_cast<std::uint32_t>(scenario.hardware.gpus_per_node);
  candidate.nodes = static_cast<std::uint32_t>(scenario.hardware.nodes);
  candidate.tensor_parallel = static_cast<std::uint32_t>(parallel.tensor);
  candidate.pipeline_parallel = static_cast<std::uint32_t>(parallel.pipeline);
  candidate.data_parallel = static_cast<std::uint32_t>(parallel.data);
  candidate.expert_parallel =
      request.enable_expert_parallel ? static_cast<std::uint32_t>(parallel.tensor * parallel.data) : 1u;
  candidate.block_tokens = static_cast<std::uint32_t>(request.block_size.value_or(0));
  if (request.enforce_eager) candidate.flags |= VW_ENFORCE_EAGER;
  if (request.enable_expert_parallel) candidate.flags |= VW_EXPERT_PARALLEL;
  candidate.concurrency = static_cast<std::uint64_t>(request.concurrency);
  candidate.prompt_tokens = static_cast<std::uint64_t>(request.prompt_tokens);
  candidate.generated_tokens = static_cast<std::uint64_t>(request.generated_tokens);
  candidate.max_sequences = static_cast<std::uint64_t>(request.max_num_seqs.value_or(0));
  candidate.max_batched_tokens = static_cast<std::uint64_t>(request.max_num_batched_tokens.value_or(0));
  candidate.utilization = utilization;
  return candidate;
}

vw_candidate judged_candidate(const Scenario& scenario, const vw_candidate& requested, MemoryJudge& memory) {
  const BatchLimits wanted = wanted_batch_limits(batch_rule_of(scenario), load_of(scenario.request, requested));
  const vw_candidate started = with_utilization(scenario, with_limits(requested, wanted), memory);
  const vw_candidate open = with_judged_context(scenario, started, memory);
  const BatchLimits limits = choose_batch_limits(scenario, open, memory);
  const bool is_as_wanted = limits.batched_tokens == wanted.batched_tokens;
  const vw_candidate candidate = is_as_wanted ? open : candidate_with(scenario, requested, limits, memory);
  return scenario.request.solve_max_num_seqs ? with_most_sequences(scenario, candidate, memory) : candidate;
}

Started started_candidate(const Scenario& scenario, const vw_candidate& requested, MemoryJudge& memory,
                          PerfJudge& perf) {
  const StartWith start_with = [&](const BatchLimits& limits) {
    return candidate_with(scenario, requested, limits, memory);
  };
  const vw_candidate by_rule = judged_candidate(scenario, requested, memory);
  if (!scenario.obstacles.empty()) return {by_rule, {limits_of(by_rule).batched_tokens, ""}};
  return search_limits(scenario, by_rule, start_with, memory, perf);
}

double over_group(const vw_candidate& candidate, const vw_memory& memory, double bytes) {
  const double scope = memory.scope_gpus > 1 ? memory.scope_gpus : 1;
  return bytes * candidate.tensor_parallel * candidate.pipeline_parallel / scope;
}

vw_candidate running_candidate(const Scenario& scenario, const Plan& plan) {
  vw_candidate candidate = plan.candidate;
  candidate.format = scenario.running_weights;
  candidate.kv_format = scenario.running_kv;
  return candidate;
}

Plan make_plan(const Scenario& scenario, MemoryJudge& memory, PerfJudge& perf) {
  Plan plan;
  plan.warnings = scenario.hardware.warnings;
  plan.warnings.insert(plan.warnings.end(), scenario.release.notes.begin(), scenario.release.notes.end());
  plan.warnings.insert(plan.warnings.end(), scenario.warnings.begin(), scenario.warnings.end());
  plan.parallel = choose_parallel(scenario);
  const double usual = choose_utilization(scenario, memory.policy());
  narrow_until_supported(scenario, usual, memory, plan.parallel);
  if (const auto best = best_parallel(scenario, memory, perf)) plan.parallel = *best;
  const vw_candidate requested = requested_candidate(scenario, plan.parallel, usual);
  Started started = started_candidate(scenario, requested, memory, perf);
  plan.candidate = started.candidate;
  plan.batch = std::move(started.batch);
  plan.utilization = plan.candidate.utilization;
  warn_about_context(scenario, plan);
  plan.memory = memory.judge(plan.candidate);
  plan.is_supported = scenario.obstacles.empty();
  plan.explained = memory.explain(plan.candidate);
  add_strings(plan.warnings, plan.explained.at("warnings"));
  plan.limits = find_limits(scenario, plan, memory);
  warn_about_leftovers(scenario, plan);
  plan.recommended = recommend(scenario, plan, memory, perf);
  plan.warnings.insert(plan.warnings.end(), plan.recommended.warnings.begin(), plan.recommended.warnings.end());
  if (!plan.fits()) plan.advice = advise(scenario, plan, memory);
  plan.perf = perf.judge(plan.recommended.candidate, plan.recommended.memory);
  plan.perf_explained = perf.explain(plan.recommended.candidate, plan.recommended.memory);
  add_strings(plan.warnings, plan.perf_explained.at("warnings"));
  warn_about_latency(scenario, plan);
  return plan;
}

}  // namespace vw
