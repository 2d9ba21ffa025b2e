#include "watch/series.hpp"

#include "support/catch.hpp"
#include "watch/watch_lab.hpp"

#include <cmath>
#include <random>

using namespace vw;
using test::inf;

namespace {

Histogram histogram(std::map<double, double> up_to) {
  Histogram made;
  made.count = up_to.empty() ? 0 : up_to.rbegin()->second;
  made.up_to = std::move(up_to);
  return made;
}

// Random buckets; some are empty, some counts fall as on a page of two moments.
Histogram random_histogram(std::mt19937& random) {
  std::uniform_int_distribution<int> bounds(1, 12), gains(-2, 20);
  std::map<double, double> up_to;
  double count = 0;
  for (int i = bounds(random); i > 0; --i) {
    count = std::max(0.0, count + gains(random));
    up_to[0.25 * static_cast<double>(up_to.size() + 1)] = count;
  }
  up_to[inf] = count + std::max(0, gains(random));
  return histogram(std::move(up_to));
}

}  // namespace

TEST_CASE("a quantile lies on the straight line through its bucket", "[watch]") {
  // 10 up to 0.1 s, 10 more up to 0.2 s, 5 more up to 0.5 s
  const Histogram made = histogram({{0.1, 10}, {0.2, 20}, {0.5, 25}, {inf, 25}});
  CHECK(quantile_of(made, 0.2)->value == Approx(0.05));
  CHECK(quantile_of(made, 0.4)->value == Approx(0.1));
  CHECK(quantile_of(made, 0.6)->value == Approx(0.15));
  CHECK(quantile_of(made, 0.9)->value == Approx(0.35));
  CHECK(quantile_of(made, 1)->value == Approx(0.5));
  CHECK_FALSE(quantile_of(made, 1)->is_floor);
}

TEST_CASE("a quantile beyond the last bound is told as at least that bound", "[watch]") {
  const auto p99 = quantile_of(histogram({{0.1, 10}, {2, 90}, {inf, 100}}), 0.99);
  CHECK(p99->value == 2);
  CHECK(p99->is_floor);
}

TEST_CASE("a quantile in the first bucket says where that ends", "[watch]") {
  const Histogram made = histogram({{0.3, 10}, {0.5, 20}, {inf, 20}});
  CHECK(quantile_of(made, 0.2)->first_bound == 0.3);
  CHECK(quantile_of(made, 0.8)->first_bound == 0);
}

TEST_CASE("without observations, without a last bucket or with nothing else there is no quantile", "[watch]") {
  CHECK_FALSE(quantile_of({}, 0.5));
  CHECK_FALSE(quantile_of(histogram({{0.1, 0}, {inf, 0}}), 0.5));
  CHECK_FALSE(quantile_of(histogram({{0.1, 4}, {0.2, 9}}), 0.5));
  CHECK_FALSE(quantile_of(histogram({{inf, 9}}), 0.5));
  CHECK_FALSE(quantile_of(histogram({{0.1, 4}, {inf, 9}}), std::nan("")));
  CHECK_FALSE(Histogram().mean());
}

TEST_CASE("quantiles never fall as their share rises, and are finite", "[watch]") {
  std::mt19937 random(7);
  for (int i = 0; i < 500; ++i) {
    const Histogram made = random_histogram(random);
    double before = 0;
    for (double q = 0; q <= 1; q += 0.05) {
      const auto quantile = quantile_of(made, q);
      if (!quantile) {
        CHECK(made.is_empty());
        break;
      }
      REQUIRE(std::isfinite(quantile->value));
      REQUIRE(quantile->value >= before);
      before = quantile->value;
    }
  }
}

TEST_CASE("a counter that fell was begun anew, and so is one that is new", "[watch]") {
  CHECK(increase_of({{"a", 10}}, {{"a", 14}}, false) == 4);
  CHECK(increase_of({{"a", 10}}, {{"a", 3}}, false) == 3);
  CHECK(increase_of({{"a", 10}}, {{"a", 12}}, true) == 12);
  CHECK(increase_of({{"a", 10}}, {{"a", 10}, {"b", 5}}, false) == 5);
  CHECK(increase_of({{"a", 10}, {"b", 7}}, {{"a", 11}}, false) == 1);
}

TEST_CASE("one engine's restart does not hide what another one did", "[watch]") {
  CHECK(increase_of({{"a", 1000}, {"b", 1000}}, {{"a", 1100}, {"b", 20}}, false) == 120);
}

TEST_CASE("increases are never negative, whatever counters do", "[watch]") {
  std::mt19937 random(11);
  std::uniform_real_distribution<double> numbers(0, 100);
  for (int i = 0; i < 500; ++i) {
    const Series before = {{"a", numbers(random)}, {"b", numbers(random)}}, after = {{"a", numbers(random)}};
    REQUIRE(increase_of(before, after, i % 2 == 0) >= 0);
    const Histogram grown = increase_of({{"a", random_histogram(random)}}, {{"a", random_histogram(random)}}, false);
    REQUIRE(grown.count >= 0);
    for (const auto& [bound, count] : grown.up_to) REQUIRE(count >= 0);
  }
}

TEST_CASE("histograms of several engines are one, bucket by bucket", "[watch]") {
  const Histograms before = {{"0", histogram({{1, 5}, {inf, 6}})}, {"1", histogram({{1, 50}, {inf, 60}})}};
  const Histograms after = {{"0", histogram({{1, 7}, {inf, 9}})}, {"1", histogram({{1, 2}, {inf, 3}})}};
  const Histogram grown = increase_of(before, after, false);  // the second engine was restarted
  CHECK(grown.count == 6);
  CHECK(grown.up_to.at(1) == 4);
  CHECK(sum_of(after).up_to.at(inf) == 12);
}
