// watch: whether something grows steadily.
#pragma once

#include <optional>
#include <span>

namespace vw {

struct Point {
  double at_s = 0, value = 0;
};

// Least squares.
struct Trend {
  double per_s = 0;  // slope
  double fit = 0;    // coefficient of determination, 0 to 1: the share of the variance that the line explains
};

// Empty below three points, and where all are of one moment. A value that never changes has slope and fit 0.
std::optional<Trend> trend_of(std::span<const Point> points);

}  // namespace vw
