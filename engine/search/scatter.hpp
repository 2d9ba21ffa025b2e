// search: a picture of a trade-off. Points that would cover each other are drawn once, so that any number of rows makes
// a small file.
#pragma once

#include "search/pareto.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vw {

class Points {
 public:
  struct Point {
    double x = 0, y = 0;
    std::string gpu;
  };

  explicit Points(const Tradeoff& tradeoff) : tradeoff_(&tradeoff) {}
  void add(const Figures& figures, const Lane& lane);
  void add(Points&& later);
  std::vector<Point> list() const;

 private:
  const Tradeoff* tradeoff_;
  std::map<std::pair<int, int>, Point> cells_;  // of a grid of equal ratios: the first of each
};

// SVG of both logarithmic axes, the points, the front as a line, and a legend of the front's accelerators.
std::string scatter_svg(const std::string& title, const Points& points, const Front& front);

}  // namespace vw
