#include "plan/batch_limits.hpp"

#include "plan/solve.hpp"

#include <algorithm>

namespace vw {
namespace {

// Fewer tokens a step need less memory: halved until the judged context fits, at least to what the release takes by
// itself on this card.
std::int64_t fitting_batched_tokens(const Scenario& scenario, const BatchLimits& wanted, vw_candidate candidate,
                                    MemoryJudge& memory) {
  const std::int64_t usual = wanted.batched_tokens;
  const std::int64_t own =
      scenario.release.default_of("max_num_batched_tokens", scenario.hardware.gpu, scenario.hardware.memory_mib / 1024);
  // vLLM's own number is never more than all sequences together hold (vllm/config/scheduler.py)
  const auto all_sequences = wanted.sequences * static_cast<std::int64_t>(candidate.context_tokens);
  const std::int64_t least = std::max(std::min(own, all_sequences), wanted.sequences);
  const auto with = [&](std::int64_t tokens) {
    return memory.judge(with_limits(candidate, {wanted.sequences, tokens}));
  };
  const vw_memory smallest = with(least);
  if (usual > least && fits_at_low_end(smallest)) {
    std::int64_t tokens = usual;
    while (tokens > least && !fits_at_low_end(with(tokens))) tokens = std::max(tokens / 2, least);
    return tokens;
  }
  return smallest.overhead_bytes < with(usual).overhead_bytes ? std::min(usual, least) : usual;
}

}  // namespace

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

BatchRule batch_rule_of(const Scenario& scenario) {
  const RecommendationRules& rules = scenario.rules;
  const std::string& mode = scenario.request.batching_mode;
  return {scenario.request.max_num_batched_tokens, rules.extra_sequences.at(mode), rules.least_batched_tokens,
          rules.batched_tokens_limit(scenario.hardware.memory_mib / 1024), rules.batched_tokens_factor.at(mode)};
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

BatchLimits choose_batch_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory) {
  BatchLimits limits = wanted_batch_limits(batch_rule_of(scenario), load_of(scenario.request, candidate));
  if (!scenario.request.max_num_batched_tokens)
    limits.batched_tokens = fitting_batched_tokens(scenario, limits, candidate, memory);
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
