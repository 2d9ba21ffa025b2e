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
  result.candidate.max_sequences = static_cast<std::uint64_t>(request.max_num_seqs.value_or(std::min(usual, most)));
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

struct BatchedTokens {
  std::int64_t tokens = 0;
  std::string reason;
};

BatchedTokens usual_batched_tokens(const Scenario& scenario, std::int64_t sequences) {
  const Request& request = scenario.request;
  const RecommendationRules& rules = scenario.rules;
  const double factor = rules.batched_tokens_factor.at(request.batching_mode);
  const double in_flight =
      static_cast<double>(request.prompt_tokens + request.generated_tokens) * static_cast<double>(request.concurrency);
  const std::int64_t limit = rules.batched_tokens_limit(scenario.hardware.memory_mib / 1024);
  const double wanted =
      std::clamp(in_flight * factor, static_cast<double>(rules.least_batched_tokens), static_cast<double>(limit));
  const std::int64_t chosen = std::max(static_cast<std::int64_t>(wanted), sequences);
  if (chosen == sequences) return {chosen, "one for each of max-num-seqs, which is more than usual on this card"};
  return {chosen,
          fmt::format("({} + {}) x {} x {:g}, at least {}, at most {} on this card", request.prompt_tokens,
                      request.generated_tokens, request.concurrency, factor, rules.least_batched_tokens, limit)};
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
  BatchedTokens usual = usual_batched_tokens(scenario, sequences);
  const std::int64_t tokens = fitting_batched_tokens(scenario, usual.tokens, sequences, result.candidate, memory);
  result.candidate.max_batched_tokens = static_cast<std::uint64_t>(tokens);
  reason = tokens == usual.tokens
               ? std::move(usual.reason)
               : fmt::format("a step of {} tokens would take memory that the request needs", show_count(usual.tokens));
}

}  // namespace

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
