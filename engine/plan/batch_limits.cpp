#include "plan/batch_limits.hpp"

#include "plan/solve.hpp"

#include <algorithm>

namespace vw {

std::int64_t concurrency_of_replica(const vw_candidate& candidate) {
  const std::uint64_t replicas = std::max(candidate.data_parallel, 1u);
  return static_cast<std::int64_t>((candidate.concurrency + replicas - 1) / replicas);
}

Load load_of(const Request& request, const vw_candidate& candidate) {
  return {request.prompt_tokens, request.generated_tokens, concurrency_of_replica(candidate), request.max_num_seqs};
}

vw_candidate with_limits(vw_candidate candidate, const BatchLimits& limits) {
  candidate.max_sequences = static_cast<std::uint64_t>(limits.sequences);
  candidate.max_batched_tokens = static_cast<std::uint64_t>(limits.batched_tokens);
  return candidate;
}

BatchLimits limits_of(const vw_candidate& candidate) {
  return {static_cast<std::int64_t>(candidate.max_sequences), static_cast<std::int64_t>(candidate.max_batched_tokens)};
}

BatchRule batch_rule_of(const Scenario& scenario) {
  const RecommendationRules& rules = scenario.rules;
  const std::string& mode = scenario.request.batching_mode;
  return {scenario.request.max_num_batched_tokens,
          rules.extra_sequences.at(mode),
          rules.least_batched_tokens,
          rules.batched_tokens_limit(scenario.hardware.memory_mib / 1024),
          rules.batched_tokens_factor.at(mode),
          scenario.own_batched_tokens};
}

BatchLimits wanted_batch_limits(const BatchRule& rule, const Load& load) {
  const std::int64_t usual = load.concurrency + rule.extra_sequences;
  const std::int64_t sequences = load.max_num_seqs.value_or(std::min(usual, rule.given_tokens.value_or(usual)));
  if (rule.given_tokens) return {sequences, *rule.given_tokens};
  const double in_flight =
      static_cast<double>(load.prompt_tokens + load.generated_tokens) * static_cast<double>(load.concurrency);
  const double tokens = std::clamp(in_flight * rule.tokens_factor, static_cast<double>(rule.least_tokens),
                                   static_cast<double>(rule.most_tokens));
  return {sequences, std::max(static_cast<std::int64_t>(tokens), sequences)};
}

BatchLimits least_batch_limits(const BatchRule& rule, const BatchLimits& wanted, std::uint64_t context_tokens) {
  if (rule.given_tokens) return wanted;
  // vLLM's own number is never more than all sequences together hold (vllm/config/scheduler.py)
  const auto all_sequences = wanted.sequences * static_cast<std::int64_t>(context_tokens);
  return {wanted.sequences,
          std::min(wanted.batched_tokens, std::max(std::min(rule.own_tokens, all_sequences), wanted.sequences))};
}

bool needs_less(const vw_memory& memory, const vw_memory& other) {
  return memory.overhead_bytes < other.overhead_bytes;
}

// Fewer tokens a step need less memory: halved until the judged context fits.
BatchLimits choose_batch_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory) {
  const BatchRule rule = batch_rule_of(scenario);
  const BatchLimits wanted = wanted_batch_limits(rule, load_of(scenario.request, candidate));
  const BatchLimits least = least_batch_limits(rule, wanted, candidate.context_tokens);
  if (least.batched_tokens == wanted.batched_tokens) return wanted;
  const vw_memory of_least = memory.judge(with_limits(candidate, least));
  const vw_memory of_wanted = memory.judge(with_limits(candidate, wanted));
  if (fits_at_low_end(of_wanted)) return wanted;
  if (!fits_at_low_end(of_least)) return needs_less(of_least, of_wanted) ? least : wanted;
  BatchLimits limits = wanted;
  do limits.batched_tokens = std::max(limits.batched_tokens / 2, least.batched_tokens);
  while (limits.batched_tokens > least.batched_tokens &&
         !fits_at_low_end(memory.judge(with_limits(candidate, limits))));
  return limits;
}

std::optional<MostSequences> most_sequences(const Scenario& scenario, const vw_candidate& candidate,
                                            MemoryJudge& memory) {
  constexpr std::int64_t most = 65536;
  const auto limits_of = [&](std::int64_t sequences) {
    return BatchLimits{sequences, std::max(static_cast<std::int64_t>(candidate.max_batched_tokens), sequences)};
  };
  const auto judged = [&](std::int64_t sequences) {
    vw_candidate tried = with_limits(candidate, limits_of(sequences));
    tried.concurrency = tried.max_sequences * std::max(tried.data_parallel, 1u);
    return memory.judge(tried);
  };
  const bool has_margin = fits_at_low_end(judged(1));
  const Fitting fitting = has_margin ? fits_at_low_end : fits;
  const std::int64_t possible = largest_that(scenario.request.max_num_batched_tokens.value_or(most),
                                             [&](std::int64_t sequences) { return fitting(judged(sequences)); });
  if (possible == 0) return std::nullopt;
  return MostSequences{limits_of(possible), has_margin};
}

vw_candidate with_most_sequences(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory) {
  const std::optional<MostSequences> most = most_sequences(scenario, candidate, memory);
  return most ? with_limits(candidate, most->limits) : candidate;
}

}  // namespace vw
