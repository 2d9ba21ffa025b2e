// cli: what `validate` prints.
#pragma once

#include "audit/left_out.hpp"
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

// What stands beside the first one's statistics; either may be missing.
struct Beside {
  const Validated* left_out = nullptr;
  const Calibration* calibration = nullptr;  // with left_out
  const Validated* compared = nullptr;
};

// What reports of start-ups and of servers have in common.
Json scores_json(const std::vector<Score>& scores);
Json skipped_json(const std::vector<Skipped>& skipped);
Json statistics_json(const std::vector<Statistic>& statistics);  // by id; null: not measured

// A line for the rows that wait for the config of their model, empty where there are none.
std::string unknown_models_text(const std::vector<Skipped>& skipped);

// A line for each start-up, what was skipped, the statistics; 80 columns.
std::string validation_report(const Validated& validated, const Beside& beside);
// {"rows": [...], "skipped": [...], "summary": {...}}
Json validation_json(const Validated& validated, const Beside& beside);

}  // namespace vw::cli
