// logs: the terms of the memory model as a server logged them, and whether its lines agree with each other.
#pragma once

#include "logs/log_facts.hpp"

#include <optional>
#include <string>
#include <vector>

namespace vw {

// A number and where it stands; GiB of one GPU, of the fullest rank.
struct LoggedTerm {
  double value = 0;
  std::size_t line = 0;
  bool is_derived = false;  // from other lines: consumed - weights
};

struct LoggedTerms {
  std::optional<LoggedTerm> total, free_at_start, requested, utilization;
  std::optional<LoggedTerm> weights, activation, non_torch, graphs, graph_estimate, kv_available;
  std::optional<LoggedTerm> kv_tokens, concurrency;
  std::vector<std::string> notes;           // what differs between ranks, what was left out
  std::vector<std::string> contradictions;  // lines that cannot all be true
  std::string identity;                     // the sum that the numbers follow: "e2" and alike; empty: not enough lines

  bool has_components() const { return weights || activation || non_torch || kv_available; }
};

LoggedTerms logged_terms(const LoggedStart& start);

}  // namespace vw
