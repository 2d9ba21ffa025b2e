// plan: how many sequences and tokens a step of the engine may hold.
#pragma once

#include "plan/judge.hpp"

#include <cstdint>
#include <optional>

namespace vw {

// Requests that each replica of a data-parallel group has at a time.
std::int64_t concurrency_of_replica(const vw_candidate& candidate);

// What the limits hang on, of one replica.
struct Load {
  std::int64_t prompt_tokens = 0, generated_tokens = 0, concurrency = 1;
  std::optional<std::int64_t> max_num_seqs;  // as given
};
Load load_of(const Request& request, const vw_candidate& candidate);

// max_num_seqs and max_num_batched_tokens, which hold for each replica.
struct BatchLimits {
  std::int64_t sequences = 0, batched_tokens = 0;
};
vw_candidate with_limits(vw_candidate candidate, const BatchLimits& limits);
BatchLimits limits_of(const vw_candidate& candidate);

// The rule of a batching mode on a card.
struct BatchRule {
  std::optional<std::int64_t> given_tokens;
  std::int64_t extra_sequences = 0, least_tokens = 0, most_tokens = 0;
  double tokens_factor = 1;
  std::int64_t own_tokens = 0;  // what the release takes by itself on this card
};
BatchRule batch_rule_of(const Scenario& scenario);
// As given, else by the rule for this load, before memory has a say. A step holds a token of every sequence: more
// sequences than batched tokens are refused (vllm/config/scheduler.py).
BatchLimits wanted_batch_limits(const BatchRule& rule, const Load& load);

// The fewest tokens a step that are tried in place of those: what the release takes by itself.
BatchLimits least_batch_limits(const BatchRule& rule, const BatchLimits& wanted, std::uint64_t context_tokens);
// Which of two limits to take where neither fits with a margin: whether the steps of the first need less memory.
bool needs_less(const vw_memory& memory, const vw_memory& other);

// As wanted, the tokens fewer where they would take the memory of the request itself: of the candidate with its
// context.
BatchLimits choose_batch_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory);

// --max-num-seqs auto: as many sequences of the candidate's context as fit, what each adds to sampler, graphs and state
// blocks included; by the best estimate where not one fits with a margin. Empty: not one fits.
struct MostSequences {
  BatchLimits limits;
  bool has_margin = false;
};
std::optional<MostSequences> most_sequences(const Scenario& scenario, const vw_candidate& candidate,
                                            MemoryJudge& memory);
// With these limits; as it was where not one fits.
vw_candidate with_most_sequences(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory);

}  // namespace vw
