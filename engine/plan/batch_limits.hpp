// plan: how many sequences and tokens a step of the engine may hold.
#pragma once

#include "plan/judge.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// max_num_seqs and max_num_batched_tokens of one replica, each with its reason.
struct BatchLimits {
  std::uint64_t sequences = 0, batched_tokens = 0;
  std::string sequences_reason, batched_tokens_reason;
  std::vector<std::string> warnings;
};

vw_candidate with_limits(vw_candidate candidate, const BatchLimits& limits);

// As given, else by the rule of the batching mode, the tokens fewer where they would take the memory of the request
// itself: of the candidate with its context.
BatchLimits choose_batch_limits(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory);

// --max-num-seqs auto: as many sequences of the candidate's context as fit, what each adds to sampler, graphs and state
// blocks included. The limits of the candidate with a reason where not one fits.
void solve_sequences(const Scenario& scenario, const vw_candidate& candidate, MemoryJudge& memory, BatchLimits& limits);

// Requests that each replica has at a time.
std::int64_t concurrency_of_replica(const vw_candidate& candidate);

}  // namespace vw
