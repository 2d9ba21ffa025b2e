// Errors of predictions, every source with one unit of weight.
#include "audit/statistics.hpp"
#include "support/catch.hpp"
#include "support/message_of.hpp"

#include <algorithm>

using namespace vw;
using vw::test::message_of;

namespace {

Score score(const std::string& source, const std::string& metric, double predicted, double observed, double half = 0) {
  return {"row", source, metric, {predicted, predicted - half, predicted + half}, observed};
}

Statistic find(const std::vector<Statistic>& statistics, const std::string& id) {
  const auto found =
      std::find_if(statistics.begin(), statistics.end(), [&](const Statistic& one) { return one.id == id; });
  REQUIRE(found != statistics.end());
  return *found;
}

std::vector<std::string> worse_ids(const Json& baseline, const std::vector<Score>& scores) {
  std::vector<std::string> ids;
  for (const Worse& worse : worse_than(JsonReader(baseline, "base.json"), statistics_of(scores)))
    ids.push_back(worse.statistic.id);
  return ids;
}

}  // namespace

TEST_CASE("a quantile weighs sources, not rows", "[audit]") {
  // "a" weighs a quarter a row, "b" and "c" one each: 0.25, 0.5, 0.75, 1, 2, 3 of 3
  const std::vector<Weighted> values = {{10, "b"}, {1, "a"}, {2, "a"}, {3, "a"}, {4, "a"}, {20, "c"}};
  CHECK(weighted_quantile(values, 0.25) == 3.0);
  CHECK(weighted_quantile(values, 0.5) == 10.0);
  CHECK(weighted_quantile(values, 0.9) == 20.0);
  CHECK(weighted_quantile(values, 0) == 1.0);
  CHECK(weighted_quantile(values, 1) == 20.0);
}

TEST_CASE("the median of two equal halves is the smaller one", "[audit]") {
  CHECK(weighted_quantile({{5, "a"}, {1, "b"}}, 0.5) == 1.0);
  CHECK(weighted_quantile({{1, "a"}, {2, "a"}, {3, "a"}, {4, "b"}, {5, "b"}, {6, "b"}}, 0.5) == 3.0);  // thirds
}

TEST_CASE("without values there is neither quantile nor share", "[audit]") {
  CHECK_FALSE(weighted_quantile({}, 0.5));
  CHECK_FALSE(weighted_share({}));
}

TEST_CASE("a share weighs sources, not rows", "[audit]") {
  CHECK(weighted_share({{1, "a"}, {0, "a"}, {1, "b"}}) == 0.75);
}

TEST_CASE("weights are off in percent, the KV cache in GiB", "[audit]") {
  const auto statistics =
      statistics_of(std::vector{score("a", metric::weights, 11, 10), score("b", metric::weights, 8, 10),
                                score("a", metric::kv_available, 4, 5.5), score("b", metric::kv_available, 2, 1.5)});
  CHECK(find(statistics, "weights_error_median_percent").value == Approx(10));
  CHECK(find(statistics, "weights_error_p90_percent").value == Approx(20));
  CHECK(find(statistics, "kv_cache_error_median_gib").value == Approx(0.5));
  CHECK(find(statistics, "kv_cache_error_p90_gib").value == Approx(1.5));
  CHECK(find(statistics, "kv_cache_error_p90_gib").rows == 2);
  CHECK(find(statistics, "kv_cache_error_p90_gib").sources == 2);
  CHECK_FALSE(find(statistics, "concurrency_error_median_percent").value);
}

TEST_CASE("an interval holds what lies on its ends", "[audit]") {
  const auto statistics = statistics_of(
      std::vector{score("a", metric::kv_available, 4, 5, 1), score("b", metric::kv_available, 4, 5.1, 1)});
  CHECK(find(statistics, "kv_cache_inside_percent").value == Approx(50));
  CHECK(find(statistics, "kv_cache_width_median_gib").value == Approx(2));
}

TEST_CASE("a verdict is right or not", "[audit]") {
  Score straddles = score("b", metric::starts, 1, 0);
  straddles.predicted.low = 0;
  const auto statistics = statistics_of(std::vector{score("a", metric::starts, 1, 1), straddles});
  CHECK(find(statistics, "verdicts_right_percent").value == Approx(50));
  CHECK(find(statistics, "verdicts_inside_percent").value == Approx(100));
}

TEST_CASE("a baseline allows its tolerance and rounding, in the direction that matters", "[audit]") {
  const Json baseline = {{"tolerance_ratio", 0.1},
                         {"statistics", {{"weights_error_median_percent", 10}, {"kv_cache_inside_percent", 50}}}};
  const std::vector<Score> within = {score("a", metric::weights, 11.1, 10), score("a", metric::kv_available, 1, 1)};
  CHECK(worse_ids(baseline, within).empty());
  const std::vector<Score> off = {score("a", metric::weights, 11.2, 10), score("a", metric::kv_available, 1, 2)};
  CHECK(worse_ids(baseline, off) ==
        std::vector<std::string>{"weights_error_median_percent", "kv_cache_inside_percent"});
}

TEST_CASE("a statistic that a baseline has and a run has not is worse", "[audit]") {
  const Json baseline = {{"tolerance_ratio", 0}, {"statistics", {{"concurrency_error_median_percent", 5}}}};
  CHECK(worse_ids(baseline, {score("a", metric::weights, 1, 1)}) ==
        std::vector<std::string>{"concurrency_error_median_percent"});
}

TEST_CASE("a misspelt statistic of a baseline is refused", "[audit]") {
  const Json baseline = {{"tolerance_ratio", 0}, {"statistics", {{"weight_error_median_percent", 5}}}};
  CHECK(message_of([&] { worse_ids(baseline, {}); }) ==
        "base.json: /statistics: unknown key 'weight_error_median_percent', did you mean "
        "'weights_error_median_percent'?");
}
