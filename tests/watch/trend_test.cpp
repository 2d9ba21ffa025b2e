#include "watch/trend.hpp"

#include "support/catch.hpp"

#include <vector>

using namespace vw;

TEST_CASE("a straight line is found and fits", "[watch]") {
  const std::vector<Point> points = {{0, 100}, {5, 110}, {10, 120}, {15, 130}};
  const auto trend = trend_of(points);
  REQUIRE(trend);
  CHECK(trend->per_s == Approx(2));
  CHECK(trend->fit == Approx(1));
}

TEST_CASE("a single step is no line: it explains at most three quarters", "[watch]") {
  for (int step = 1; step < 40; ++step) {
    std::vector<Point> points;
    for (int i = 0; i < 40; ++i) points.push_back({static_cast<double>(i), i < step ? 0.0 : 900.0});
    CHECK(trend_of(points)->fit <= 0.76);
  }
}

TEST_CASE("what never changes has no slope, and few points or one moment have no trend", "[watch]") {
  const std::vector<Point> flat = {{0, 7}, {1, 7}, {2, 7}}, moment = {{3, 1}, {3, 2}, {3, 3}};
  CHECK(trend_of(flat)->per_s == 0);
  CHECK(trend_of(flat)->fit == 0);
  CHECK_FALSE(trend_of(moment));
  CHECK_FALSE(trend_of(std::vector<Point>{{0, 1}, {1, 2}}));
}
