// plan: how many sequences and tokens a step of the engine may hold.
#pragma once

#include "plan/plan.hpp"

namespace vw {

struct Load {
  std::int64_t prompt_tokens = 0, generated_tokens = 0, concurrency = 1;
  std::optional<std::int64_t> max_num_seqs;
};
Load load_of(const Request& request);

struct BatchLimits {
  std::int64_t sequences = 0, batched_tokens = 0;
};
// The rule of a batching mode on a card.
struct BatchRule {
  std::optional<std::int64_t> given_tokens;
  std::int64_t extra_sequences = 0, least_tokens = 0, most_tokens = 0;
  double tokens_factor = 1;
};
BatchRule batch_rule_of(const Scenario& scenario);
// As given, else by the rule for this load, before memory has a say.
BatchLimits wanted_batch_limits(const BatchRule& rule, const Load& load);

// max_num_seqs and max_num_batched_tokens of the configuration: as given, else by the rule of the batching mode, the
// tokens fewer where they would take the memory of the request itself.
void choose_batch_limits(const Scenario& scenario, MemoryJudge& memory, Recommendation& result);

// --max-num-seqs auto: as many sequences of the chosen context as fit, what each adds to sampler, graphs and state
// blocks included.
void solve_sequences(const Scenario& scenario, MemoryJudge& memory, Recommendation& result);

}  // namespace vw
