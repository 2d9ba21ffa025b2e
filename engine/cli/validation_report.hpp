// cli: what `validate` prints.
#pragma once

#include "audit/statistics.hpp"

#include <string>
#include <vector>

namespace vw::cli {

// One memory model held against a file of start-ups.
struct Validated {
  std::string memory_model;
  Validation validation;
  std::vector<Statistic> statistics;
};

// A line for each start-up, what was skipped, the statistics; 80 columns. With a second one its statistics beside.
std::string validation_report(const Validated& validated, const Validated* compared);
// {"rows": [...], "skipped": [...], "summary": {...}}
Json validation_json(const Validated& validated, const Validated* compared);

}  // namespace vw::cli
