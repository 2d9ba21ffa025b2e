// logs: prediction beside log, term by term, and the correction that follows.
#pragma once

#include "logs/logged_case.hpp"

namespace vw {

struct ComparedTerm {
  std::string id, name, unit;  // unit: GiB, tokens, x
  double predicted = 0, low = 0, high = 0;
  std::optional<LoggedTerm> logged;

  bool is_within_rounding() const;
};

struct Comparison {
  std::vector<ComparedTerm> terms;  // weights, activation, non_torch, cuda_graph, kv_available, kv_tokens, concurrency
  LoggedTerms logged;
  std::vector<std::string> notes;

  const ComparedTerm& of(const std::string& id) const;
};

// Whether the memory model takes CUDA graphs off the budget.
bool has_graphs_inside(const vw_memory& memory);

Comparison compare(const LoggedCase& judged, const LoggedTerms& logged);

// What makes the memory model predict what was logged: known terms one by one; of terms that were logged as a sum only,
// each by the same ratio; what is left between the sum and the KV cache goes to memory that torch does not see. A term
// that was predicted to the printed digit is not changed. Empty where nothing was logged to learn from.
std::optional<Correction> correction_of(const LoggedCase& judged, const Comparison& comparison,
                                        const std::string& memory_model, const Repeatability& repeatability);

// The script that `calibrate` writes.
std::string to_script(const Correction& correction);

}  // namespace vw
