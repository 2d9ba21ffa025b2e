// audit: how far predicted speed is off, and whether it orders operating points as they were measured.
#pragma once

#include "audit/served_validation.hpp"
#include "audit/statistics.hpp"

namespace vw {

// Absolute errors of one metric, in percent; every row counts the same.
struct ServedErrors {
  std::size_t rows = 0;
  double median_percent = 0, p90_percent = 0;
  double bias = 1;  // median of predicted / measured
};

struct ServedGroup {
  std::string name;  // "model, GPU, formats"
  std::map<std::string, ServedErrors> by_metric;
};

// By model, GPU and formats of the weights, in the order of the rows.
std::vector<ServedGroup> served_groups(const ServedValidation& validation);

// In the order in which they are printed. Rank correlation (Spearman) is of time per token, inside each workload that
// has at least four points.
std::vector<Statistic> served_statistics(const ServedValidation& validation);

}  // namespace vw
