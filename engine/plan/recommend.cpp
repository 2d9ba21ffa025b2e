// plan: the recommended configuration. Every choice leaves its reason.
#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/batch_limits.hpp"
#include "plan/plan.hpp"
#include "plan/precision.hpp"
#include "plan/solve.hpp"
#include "plan/utilization.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace vw {
namespace {

std::string gib(double bytes) { return fmt::format("{:.2f} GiB", to_gib(bytes)); }

// The first alternative that fits, else the last; false when there is none.
bool choose_alternative(const Scenario& scenario, const Plan& plan, MemoryJudge& memory, Recommendation& result) {
  for (std::size_t i = scenario.running_weights + 1; i < scenario.weights.size(); ++i) {
    vw_candidate candidate = result.candidate;
    candidate.format = static_cast<std::uint32_t>(i);
    const vw_memory tried = memory.judge(candidate);
    const bool last = i + 1 == scenario.weights.size();
    if (!fits(tried) && !last) continue;
    result.candidate = candidate;
    result.weights = scenario.weights[i];
    result.reasons["quantization"] =
        fmt::format("16 bit does not fit: {}, {} of weights instead of {}{}", in_words(result.weights),
                    gib(over_group(candidate, tried, tried.weights_bytes)),
                    gib(over_group(plan.candidate, plan.memory, plan.memory.weights_bytes)),
                    fits(tried) ? "" : "; nothing smaller is offered, and it does not fit as asked either");
    return true;
  }
  return false;
}

void choose_weights(const Scenario& scenario, const Plan& plan, const vw_memory& running, MemoryJudge& memory,
                    Recommendation& result) {
  const WeightChoice& asked = scenario.weights.front();
  result.weights = scenario.weights[scenario.running_weights];
  std::string& reason = result.reasons["quantization"];
  if (scenario.model.is_quantized()) {
    reason = "the checkpoint is stored as " + asked.format.id;
  } else if (!asked.format.is_plain()) {
    reason = scenario.running_weights != 0 ? asked.format.id + " does not run here"
             : asked.is_missing            ? "as given, but no checkpoint of this format is known"
             : asked.checkpoint.empty()    ? "as given"
                                           : "as given, served from " + asked.checkpoint;
  } else if (fits(running)) {
    reason = "fits without";
  } else if (!choose_alternative(scenario, plan, memory, result)) {
    reason = "none: neither on-the-fly FP8 nor a quantized checkpoint of this model is known to work here";
  }
}

// `memory`: of what runs in place of what was asked for.
void choose_kv_cache(const Scenario& scenario, const vw_memory& memory, Recommendation& result) {
  const Format& running = scenario.kv_formats[scenario.running_kv];
  result.kv_cache_dtype = running.kv ? running.kv->vllm_name : "auto";
  std::string& reason = result.reasons["kv_cache_dtype"];
  if (running.kv) {
    reason = "as given";
    return;
  }
  const double pressure = kv_pressure(memory);
  const double limit = scenario.rules.kv_pressure_for_fp8;
  const std::optional<std::uint32_t> fp8 = scenario.smaller_kv();
  if (pressure > limit && fp8) {
    result.candidate.kv_format = *fp8;
    result.kv_cache_dtype = scenario.kv_formats[*fp8].kv->vllm_name;
    reason = fmt::format("the KV cache needs {:.0f} % of the budget (above {:.0f} %) and {} has FP8", pressure * 100,
                         limit * 100, scenario.hardware.gpu.name);
    if (fits(memory))
      result.warnings.push_back("the configuration stores the KV cache in " + result.kv_cache_dtype +
                                ", which is not needed to fit: more requests find room, some accuracy is lost");
  } else if (scenario.running_kv != 0) {
    reason = scenario.kv_formats.front().id + " does not run here";
  } else if (scenario.has_own_fp8_kv) {
    reason = "fp8, as the checkpoint declares it";
  } else if (pressure > limit) {
    const Gpu& gpu = scenario.hardware.gpu;
    const bool is_known = gpu.compute_capability || !gpu.gfx.empty();
    reason = fmt::format("the KV cache needs {:.0f} % of the budget, but {} {}", pressure * 100, gpu.name,
                         is_known ? "has no FP8" : "is not known to have FP8");
  } else {
    reason = fmt::format("the KV cache needs {:.0f} % of the budget, at most {:.0f} %", pressure * 100, limit * 100);
  }
}

bool is_as_judged(const Plan& plan, const Recommendation& result) {
  const vw_candidate &asked = plan.candidate, &best = result.candidate;
  return asked.format == best.format && asked.kv_format == best.kv_format && asked.utilization == best.utilization;
}

void choose_context(const Scenario& scenario, const Plan& plan, MemoryJudge& memory, Recommendation& result) {
  const auto judged = static_cast<std::int64_t>(plan.candidate.context_tokens);
  const std::int64_t most = scenario.model.max_context_tokens;
  std::string& reason = result.reasons["max_model_len"];
  const bool is_given = scenario.request.max_model_len.has_value();
  const std::int64_t wanted = is_given ? judged : most;
  const bool is_settled = is_as_judged(plan, result) && fits(plan.memory);
  const std::int64_t possible = is_settled ? judged : largest_reliable_context(memory, result.candidate, wanted);
  result.candidate.context_tokens = static_cast<std::uint64_t>(possible > 0 ? possible : judged);
  if (possible == wanted) {
    reason = is_given && *scenario.request.max_model_len == wanted
                 ? "as given"
                 : fmt::format("the model's maximum, {} tokens", show_count(most));
    return;
  }
  if (possible == 0) {
    reason = is_given ? "nothing fits: kept as asked" : "nothing fits";
    return;
  }
  const bool is_certain = has_interval(memory.judge(result.candidate));
  reason = fmt::format("the largest that {} at concurrency {}; the model's maximum is {} tokens",
                       is_certain ? "fits with a margin" : "fits", scenario.request.concurrency, show_count(most));
  if (is_given)
    result.warnings.push_back(
        fmt::format("--max-model-len {} does not fit at concurrency {}: the configuration uses {}", wanted,
                    scenario.request.concurrency, possible));
}

std::string utilization_reason(const Scenario& scenario, const Plan& plan, const Policy& policy) {
  const Release& release = scenario.release;
  if (scenario.request.gpu_memory_utilization) return "as given";
  if (plan.utilization == scenario.hardware.totals.most_utilization)
    return "the operating system and other programs use this memory, too";
  if (policy.gpu_memory_utilization > 0) return "the memory model's own default";
  if (plan.utilization < choose_utilization(scenario, policy))
    return fmt::format("vLLM {} defaults to {:g}; lowered to what is free when it starts", release.version,
                       release.gpu_memory_utilization);
  if (plan.utilization < release.gpu_memory_utilization)
    return fmt::format("vLLM {} defaults to {:g}; lowered, consumer cards also drive a display", release.version,
                       release.gpu_memory_utilization);
  return fmt::format("default of vLLM {}", release.version);
}

// What was given and is more than is free when vLLM starts is no reason to change anything else.
void choose_utilization_that_starts(const Scenario& scenario, MemoryJudge& memory, Recommendation& result) {
  if (!scenario.request.gpu_memory_utilization) return;
  if (memory.judge(result.candidate).reason != VW_REASON_UTILIZATION_ABOVE_FREE) return;
  result.candidate.utilization = startable_utilization(result.candidate, memory);
  result.reasons["gpu_memory_utilization"] =
      fmt::format("{:g} is more than is free when vLLM starts", *scenario.request.gpu_memory_utilization);
}

void explain_the_rest(const Scenario& scenario, const Plan& plan, const Policy& policy, Recommendation& result) {
  const Request& request = scenario.request;
  result.reasons["tensor_parallel_size"] = plan.parallel.reason;
  result.reasons.try_emplace("gpu_memory_utilization", utilization_reason(scenario, plan, policy));
  result.dtype = scenario.running_dtype;
  result.reasons["dtype"] = result.dtype != scenario.dtype         ? scenario.dtype + " does not run here"
                            : short_dtype(request.dtype) == "auto" ? "the model's own"
                                                                   : "as given";
}

std::string sequences_reason(const Scenario& scenario, const vw_candidate& candidate) {
  const Request& request = scenario.request;
  if (request.max_num_seqs) return "as given";
  const std::int64_t concurrency = concurrency_of_replica(candidate);
  const std::int64_t extra = scenario.rules.extra_sequences.at(request.batching_mode);
  const bool is_cut = request.max_num_batched_tokens && *request.max_num_batched_tokens < concurrency + extra;
  return fmt::format("concurrency {}{} + {} ({} mode){}", concurrency,
                     concurrency < request.concurrency ? " of each replica" : "", extra, request.batching_mode,
                     is_cut ? ", at most one for each batched token" : "");
}

std::string rule_reason(const Scenario& scenario, const vw_candidate& candidate, std::int64_t tokens) {
  const Request& request = scenario.request;
  const BatchRule rule = batch_rule_of(scenario);
  const Load load = load_of(request, candidate);
  const BatchLimits wanted = wanted_batch_limits(rule, load);
  if (tokens != wanted.batched_tokens)
    return fmt::format("a step of {} tokens would take memory that the request needs",
                       show_count(wanted.batched_tokens));
  if (wanted.batched_tokens == wanted.sequences)
    return "one for each of max-num-seqs, which is more than usual on this card";
  return fmt::format("({} + {}) x {} x {:g}, at least {}, at most {} on this card", load.prompt_tokens,
                     load.generated_tokens, load.concurrency, rule.tokens_factor, rule.least_tokens, rule.most_tokens);
}

void warn_about_waiting(const Scenario& scenario, Recommendation& result) {
  const auto running = static_cast<std::int64_t>(result.candidate.max_sequences);
  if (running >= concurrency_of_replica(result.candidate)) return;
  result.warnings.push_back(
      fmt::format("{} {} is less than the concurrency of {}: only so many sequences run at a time, the others wait",
                  scenario.request.max_num_batched_tokens ? "--max-num-batched-tokens" : "--max-num-seqs", running,
                  concurrency_of_replica(result.candidate)));
}

void take_most_sequences(const Scenario& scenario, MemoryJudge& memory, Recommendation& result) {
  const std::optional<MostSequences> most = most_sequences(scenario, result.candidate, memory);
  std::string& reason = result.reasons["max_num_seqs"];
  if (!most) {
    reason = "not even one sequence fits: kept at the concurrency";
    return;
  }
  result.candidate = with_limits(result.candidate, most->limits);
  reason = fmt::format("the most sequences of {} tokens that fit{}",
                       show_count(static_cast<std::int64_t>(result.candidate.context_tokens)),
                       most->has_margin ? " with a margin" : "");
}

void explain_limits(const Scenario& scenario, const BatchSearch& search, Recommendation& result) {
  result.reasons["max_num_seqs"] = sequences_reason(scenario, result.candidate);
  result.reasons["max_num_batched_tokens"] =
      scenario.request.max_num_batched_tokens
          ? "as given"
          : rule_reason(scenario, result.candidate, search.rule_tokens) + search.found;
}

// Other weights or another KV cache leave another room for steps.
void choose_limits(const Scenario& scenario, const Plan& plan, MemoryJudge& memory, PerfJudge& perf,
                   Recommendation& result) {
  const bool is_changed = !is_as_judged(plan, result);
  Started started{result.candidate, plan.batch};
  if (is_changed) started = with_best_limits(scenario, result.candidate, memory, perf);
  result.candidate = started.candidate;
  explain_limits(scenario, started.batch, result);
  // of a context that was given; else of the one that is chosen next
  if (is_changed && scenario.request.solve_max_num_seqs && scenario.request.max_model_len)
    take_most_sequences(scenario, memory, result);
}

}  // namespace

Recommendation recommend(const Scenario& scenario, const Plan& plan, MemoryJudge& memory, PerfJudge& perf) {
  Recommendation result;
  result.candidate = running_candidate(scenario, plan);
  choose_utilization_that_starts(scenario, memory, result);
  const vw_memory running = memory.judge(result.candidate);
  choose_kv_cache(scenario, running, result);
  choose_weights(scenario, plan, running, memory, result);
  choose_limits(scenario, plan, memory, perf, result);
  const bool is_for_time = give_up_precision(scenario, memory, perf, result);
  if (is_for_time) choose_limits(scenario, plan, memory, perf, result);
  name_other_weights(scenario, memory, perf, result);
  if (!is_for_time) name_other_kv_cache(scenario, memory, perf, result);
  choose_context(scenario, plan, memory, result);
  if (scenario.request.solve_max_num_seqs) take_most_sequences(scenario, memory, result);
  warn_about_waiting(scenario, result);
  explain_the_rest(scenario, plan, memory.policy(), result);
  result.memory = memory.judge(result.candidate);
  result.is_supported = scenario.is_mendable();
  return result;
}

}  // namespace vw
