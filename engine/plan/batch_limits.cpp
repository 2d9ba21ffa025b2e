#include "plan/batch_limits.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/solve.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw {
namespace {

// A step holds a token of every sequence: more sequences than batched tokens are refused (vllm/config/scheduler.py).
void choose_sequences(const Scenario& scenario, Recommendation& result) {
  const Request& request = scenario.request;
  const auto extra = scenario.rules.extra_sequences.at(request.batching_mode);
  const std::int64_t usual = request.concurrency + extra;
  const std::int64_t most = request.max_num_batched_tokens.value_or(usual);
  result.candidate.max_sequences =
      static_cast<std::uint64_t>(wanted_batch_limits(batch_rule_of(scenario), load_of(request)).sequences);
  std::string& reason = result.reasons["max_num_seqs"];
  if (request.max_num_seqs) {
    reason = "as given";
    return;
  }
  reason = fmt::format("concurrency {} + {} ({} mode)", request.concurrency, extra, request.batching_mode);
  if (most < usual) reason += ", at most one for each batched token";
  if (most < request.concurrency)
    result.warnings.push_back(
        fmt::format("--max-num-batched-tokens {} is less than the concurrency of {}: "
                    "only so many sequences run at a time",
                    most, request.concurrency));
}

std::string usual_tokens_reason(const Scenario& scenario, const BatchLimits& wanted) {
  const Request& request = scenario.request;
  const RecommendationRules& rules = scenario.rules;
  if (wanted.batched_tokens == wanted.sequences)
    return "one for each of max-num-seqs, which is more than usual on this card";
  return fmt::format("({} + {}) x {} x {:g}, at least {}, at most {} on this card", request.prompt_tokens,
                     request.generated_tokens, request.concurrency,
                     rules.batched_tokens_factor.at(request.batching_mode), rules.least_batched_tokens,
                     rules.batched_tokens_limit(scenario.hardware.memory_mib / 1024));
}

// Fewer tokens a step need less memory: halved until the judged context fits, at least to what the release takes by
// itself on this card.
std::int64_t fitting_batched_tokens(const Scenario& scenario, std::int64_t usual, std::int64_t sequences,
                                    vw_candidate candidate, MemoryJudge& memory) {
  const std::int64_t own =
      scenario.release.default_of("max_num_batched_tokens", scenario.hardware.gpu, scenario.hardware.memory_mib / 1024);
  // vLLM's own number is never more than all sequences together hold (vllm/config/scheduler.py)
  const auto all_sequences = sequences * static_cast<std::int64_t>(candidate.context_tokens);
  const std::int64_t least = std::max(std::min(own, all_sequences), sequences);
  const auto with = [&](std::int64_t tokens) {
    candidate.max_batched_tokens = static_cast<std::uint64_t>(tokens);
    return memory.judge(candidate);
  };
  for (std::int64_t tokens = usual; tokens > least; tokens = std::max(tokens / 2, least))
    if (fits_at_low_end(with(tokens))) return tokens;
  const bool is_smaller = with(least).overhead_bytes < with(usual).overhead_bytes;
  return is_smaller ? std::min(usual, least) : usual;
}

void choose_batched_tokens(const Scenario& scenario, MemoryJudge& memory, Recommendation& result) {
  std::string& reason = result.reasons["max_num_batched_tokens"];
  if (scenario.request.max_num_batched_tokens) {
    result.candidate.max_batched_tokens = static_cast<std::uint64_t>(*scenario.request.max_num_batched_tokens);
    reason = "as given";
    return;
  }
  const auto sequences = static_cast<std::int64_t>(result.candidate.max_sequences);
  const BatchLimits wanted = wanted_batch_limits(batch_rule_of(scenario), load_of(scenario.request));
  const std::int64_t usual = wanted.batched_tokens;
  const std::int64_t tokens = fitting_batched_tokens(scenario, usual, sequences, result.candidate, memory);
  result.candidate.max_batched_tokens = static_cast<std::uint64_t>(tokens);
  reason = tokens == usual
               ? usual_tokens_reason(scenario, wanted)
               : fmt::format("a step of {} tokens would take memory that the request needs", show_count(usual));
}

}  // namespace

Load load_of(const Request& request) {
  return {request.prompt_tokens, request.generated_tokens, request.concurrency, request.max_num_seqs};
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

void choose_batch_limits(const Scenario& scenario, MemoryJudge& memory, Recommendation& result) {
  choose_sequences(scenario, result);
  choose_batched_tokens(scenario, memory, result);
}

void solve_sequences(const Scenario& scenario, MemoryJudge& memory, Recommendation& result) {
  constexpr std::int64_t most_sequences = 65536;
  const auto given = scenario.request.max_num_batched_tokens;
  const auto with = [&](std::int64_t sequences) {
    vw_candidate candidate = result.candidate;
    candidate.max_sequences = candidate.concurrency = static_cast<std::uint64_t>(sequences);
    candidate.max_batched_tokens = std::max(candidate.max_batched_tokens, candidate.max_sequences);
    return candidate;
  };
  const std::int64_t possible = largest_that(given.value_or(most_sequences), [&](std::int64_t sequences) {
    return fits_at_low_end(memory.judge(with(sequences)));
  });
  std::string& reason = result.reasons["max_num_seqs"];
  if (possible == 0) {
    reason = "not even one sequence fits with a margin: kept at the concurrency";
    return;
  }
  result.candidate.max_sequences = with(possible).max_sequences;
  result.candidate.max_batched_tokens = with(possible).max_batched_tokens;
  reason = fmt::format("the most sequences of {} tokens that fit with a margin",
                       show_count(static_cast<std::int64_t>(result.candidate.context_tokens)));
}

}  // namespace vw
