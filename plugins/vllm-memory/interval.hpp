// A number with the range in which the truth is expected.
#pragma once

#include <algorithm>

namespace vllm_memory {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;
constexpr double mib = 1024.0 * 1024.0;

struct Interval {
  double best = 0, low = 0, high = 0;

  static constexpr Interval exactly(double value) { return {value, value, value}; }
  Interval& operator+=(const Interval& other) {
    best += other.best;
    low += other.low;
    high += other.high;
    return *this;
  }
  friend Interval operator+(Interval left, const Interval& right) { return left += right; }
  friend Interval operator*(const Interval& range, double factor) {
    return {range.best * factor, range.low * factor, range.high * factor};
  }
};

// `spread` is relative.
inline Interval around(double best, double spread) { return {best, best * (1 - spread), best * (1 + spread)}; }

// The larger of two independent phases.
inline Interval largest(const Interval& left, const Interval& right) {
  return {std::max(left.best, right.best), std::max(left.low, right.low), std::max(left.high, right.high)};
}

// Division that rounds up; both numbers are whole and `by` is above 0.
inline double divide_up(double number, double by) {
  const double whole = static_cast<double>(static_cast<unsigned long long>(number / by));
  return whole * by >= number ? whole : whole + 1;
}
inline double round_up(double number, double step) { return divide_up(number, step) * step; }

}  // namespace vllm_memory
