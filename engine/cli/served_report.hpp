// cli: what `validate` prints of servers that were measured.
#pragma once

#include "audit/served_statistics.hpp"

namespace vw::cli {

struct ServedValidated {
  std::string heuristic, memory_model;
  ServedValidation validation;
  std::vector<Statistic> statistics;
};

// A line for each model and card, what was skipped, the statistics; 80 columns.
std::string served_report(const ServedValidated& validated);
// {"rows": [...], "skipped": [...], "summary": {...}}
Json served_json(const ServedValidated& validated);

}  // namespace vw::cli
