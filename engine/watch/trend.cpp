#include "watch/trend.hpp"

#include <algorithm>

namespace vw {

std::optional<Trend> trend_of(std::span<const Point> points) {
  if (points.size() < 3) return std::nullopt;
  const auto count = static_cast<double>(points.size());
  double mean_s = 0, mean = 0;
  for (const Point& point : points) {
    mean_s += point.at_s / count;
    mean += point.value / count;
  }
  double times = 0, values = 0, both = 0;
  for (const Point& point : points) {
    const double s = point.at_s - mean_s, value = point.value - mean;
    times += s * s;
    values += value * value;
    both += s * value;
  }
  if (!(times > 0)) return std::nullopt;
  if (!(values > 0)) return Trend{};
  return Trend{both / times, std::clamp(both * both / (times * values), 0.0, 1.0)};
}

}  // namespace vw
