#include "plan/batch_limits.hpp"

#include "base/text.hpp"
#include "base/units.hpp"
#include "plan/solve.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw {
namespace {

// A step holds a token of every sequence: more sequences than batched tokens are refused (vllm/config/scheduler.py).
void choose_sequences(const Scenario& scenario, std::int64_t concurrency, BatchLimits& limits) {
  const Request& request = scenario.request;
  const auto extra = scenario.rules.extra_sequences.at(request.batching_mode);
  const std::int64_t usual = concurrency + extra;
  const std::int64_t most = request.max_num_batched_tokens.value_or(usual);
  limits.sequences = static_cast<std::uint64_t>(request.max_num_seqs.value_or(std::min(usual, most)));
  if (request.max_num_seqs) {
    limits.sequences_reason = "as given";
  } else {
    limits.sequences_reason =
        fmt::format("concurrency {}{} + {} ({} mode)", concurrency,
                    concurrency < request.concurrency ? " of each replica" : "", extra, request.batching_mode);
    if (most < usual) limits.sequences_reason += ", at most one for each batched token";
  }
  const auto running = static_cast<std::int64_t>(limits.sequences);
  if (running < concurrency)
    limits.warnings.push_back(
        fmt::format("{} {} is less than the concurrency of {}: only so many sequences run at a "
                    "time, the others wait",
                    request.max_num_seqs ? "--max-num-seqs" : "--max-num-batched-tokens", running, concurrency));
}

struct BatchedTokens {
  std::int64_t tokens = 0;
  std::string reason;
};

BatchedTokens usual_batched_tokens(const Scenario& scenario, std::int64_t concurrency, std::int64_t sequences) {
  const Request& request = scenario.request;
  const RecommendationRules& rules = scenario.rules;
  const double factor = rules.batched_tokens_factor.at(request.batching_mode);
  const double in_flight =
      static_cast<double>(request.prompt_tokens + request.generated_tokens) * static_cast<double>(concurrency);
  const std::int64_t limit = rules.batched_tokens_limit(scenario.hardware.memory_mib / 1024);
  const double wanted =
      std::clamp(in_flight * factor, static_cast<double>(rules.least_batched_tokens), static_cast<double>(limit));
  const std::int64_t chosen = std::max(static_cast<std::int64_t>(wanted), sequences);
  if (chosen == sequences) return {chosen, "one for each of max-num-seqs, which is more than usual on this card"};
  return {chosen, fmt::format("({} + {}) x {} x {:g}, at least {}, at most {} on this card", request.prompt_tokens,
                              request.generated_tokens, concurrency, factor, rules.least_batched_tokens, limit)};
}

// Fewer tokens a step need less memory: halved until the judged context fits, at least to what the release takes by
// itself on this card.
std::int64_t fitting_batched_tokens(const Scenario& scenario, std::int64_t usual, vw_candidate candidate,
                                    MemoryJudge& memory) {
  const auto sequences = static_cast<std::int64_t>(candidate.max_sequences);
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

void choose_batched_tokens(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory,
                           BatchLimits& limits) {
  if (scenario.request.max_num_batched_tokens) {
    limits.batched_tokens = static_cast<std::uint64_t>(*scenario.request.max_num_batched_tokens);
    limits.batched_tokens_reason = "as given";
    return;
  }
  const auto sequences = static_cast<std::int64_t>(limits.sequences);
  BatchedTokens usual = usual_batched_tokens(scenario, concurrency_of_replica(candidate), sequences);
  const std::int64_t tokens = fitting_batched_tokens(scenario, usual.tokens, with_limits(candidate, limits), memory);
  limits.batched_tokens = static_cast<std::uint64_t>(tokens);
  limits.batched_tokens_reason =
      tokens == usual.tokens
          ? std::move(usual.reason)
          : fmt::format("a step of {} tokens would take memory that the request needs", show_count(usual.tokens));
}

}  // namespace

std::int64_t concurrency_of_replica(const vw_candidate& candidate) {
  const std::uint64_t replicas = std::max(candidate.data_parallel, 1u);
  return static_cast<std::int64_t>((candidate.concurrency + replicas - 1) / replicas);
}

vw_candidate with_limits(vw_candidate candidate, const BatchLimits& limits) {
  candidate.max_sequences = limits.sequences;
  candidate.max_batched_tokens = limits.batched_tokens;
  return candidate;
}

BatchLimits choose_batch_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory) {
  BatchLimits limits;
  choose_sequences(scenario, concurrency_of_replica(candidate), limits);
  choose_batched_tokens(scenario, candidate, memory, limits);
  return limits;
}

void solve_sequences(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory,
                     BatchLimits& limits) {
  constexpr std::int64_t most_sequences = 65536;
  const auto with = [&](std::int64_t sequences) {
    vw_candidate tried = candidate;
    tried.max_sequences = static_cast<std::uint64_t>(sequences);
    tried.concurrency = tried.max_sequences * std::max(tried.data_parallel, 1u);
    tried.max_batched_tokens = std::max(limits.batched_tokens, tried.max_sequences);
    return tried;
  };
  const Fitting fitting = fits_at_low_end(memory.judge(with(1))) ? fits_at_low_end : fits;
  const std::int64_t possible =
      largest_that(scenario.request.max_num_batched_tokens.value_or(most_sequences),
                   [&](std::int64_t sequences) { return fitting(memory.judge(with(sequences))); });
  if (possible == 0) {
    limits.sequences_reason = "not even one sequence fits: kept at the concurrency";
    return;
  }
  limits.sequences = with(possible).max_sequences;
  limits.batched_tokens = with(possible).max_batched_tokens;
  limits.sequences_reason = fmt::format("the most sequences of {} tokens that fit{}",
                                        show_count(static_cast<std::int64_t>(candidate.context_tokens)),
                                        fitting == fits ? "" : " with a margin");
}

}  // namespace vw
