// audit: how far predictions are off, with one unit of weight for each source: ten start-ups of one machine tell as
// much as one.
#pragma once

#include "audit/validation.hpp"

#include <optional>
#include <span>

namespace vw {

struct Weighted {
  double value = 0;
  std::string source;
};

// The smallest value that at least `share` (0 to 1) of the weight does not exceed, where every source weighs the same
// and its rows share that. Empty without values.
std::optional<double> weighted_quantile(std::vector<Weighted> values, double share);
// The share of weight, 0 to 1, of values that are not 0.
std::optional<double> weighted_share(const std::vector<Weighted>& values);

struct Statistic {
  std::string id;     // "weights_error_median_percent"
  std::string label;  // "weights, median error"
  std::string unit;   // "%", "GiB"
  std::optional<double> value;
  std::size_t rows = 0, sources = 0;
  bool more_is_better = false;
};

// All statistics in the order in which they are printed; those without rows have no value.
std::vector<Statistic> statistics_of(std::span<const Score> scores);

// A statistic that is worse than a baseline file allows.
struct Worse {
  Statistic statistic;
  double allowed = 0;
};

// Baseline: {"tolerance_ratio": x, "statistics": {id: value}, "left_out": {id: value}}; `part` is one of the two, which
// may be missing. A statistic may be off its value by that ratio and by no more than rounding besides; one that the
// file has and the run has not is worse. Throws vw::Error: unknown ids.
std::vector<Worse> worse_than(const JsonReader& baseline, const std::vector<Statistic>& statistics,
                              const char* part = "statistics");

}  // namespace vw
