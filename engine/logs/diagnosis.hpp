// logs: why a server failed, and the smallest changes with which the memory model says that it starts.
#pragma once

#include "logs/comparison.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// The failure that the others follow from; null: nothing failed. `others`: those that neither follow from it nor are
// explained better by it.
struct RootCause {
  const SeenFailure* seen = nullptr;
  const FailureClass* what = nullptr;
  std::map<std::string, double> numbers;  // of its line, and of those that it explains better
  std::vector<const SeenFailure*> others;

  std::optional<double> told(const std::string& name) const;
};
RootCause root_cause(const LogBook& book, const LoggedStart& start);

// GiB of one GPU, as the memory model has them with what was logged.
struct Budget {
  double total = 0, requested = 0, weights = 0, activation = 0, non_torch = 0, graphs = 0;
  bool has_graphs_inside = false;
  double kv_available = 0, kv_sequence = 0;  // one sequence of the context
};
Budget budget_of(const vw_memory& memory);

// By how much which term was short.
struct Shortage {
  std::string term;
  std::optional<double> gib;
  bool is_least = false;    // it may be more: what came after the failure is not known
  std::string explanation;  // "14.00 GiB needed, 5.21 left"
};

struct Mend {
  std::string id;      // of the kind: "lower-max-model-len"
  std::string change;  // "--max-model-len 42320"; empty: no option
  std::string effect;  // what it costs, in words
  double loss = 0;     // for the order
  Request request;     // with the change
  vw_candidate candidate{};
  Budget budget;
  std::int64_t context_tokens = 0;
  double concurrency = 0;  // sequences of that context
};

struct Diagnosis {
  Shortage shortage;
  Budget budget;            // as it ran
  std::vector<Mend> mends;  // least loss first, each confirmed
  std::string unmended;     // why there is none, where the failure has mends
};

// What a start is mended with.
struct MendBench {
  const CaseBench& bench;
  const LoggedRequest& logged;
  const LoggedStart& start;
  const RootCause& cause;
  std::optional<Correction> correction;  // what the log taught about this very server
};

// The shortage that the log or the model tells, and the mends. The case is the server as it ran.
Diagnosis diagnose(const MendBench& bench, const LoggedCase& judged);
Shortage shortage_of(const RootCause& cause, const LoggedTerms& logged, const vw_memory* memory);

}  // namespace vw
