#include "watch/view.hpp"

#include "support/catch.hpp"
#include "watch/view_json.hpp"
#include "watch/watch_lab.hpp"

#include <cmath>
#include <random>

using namespace vw;
using test::look;

namespace {

void expect_no_nan(const Json& json) {
  if (json.is_number_float()) REQUIRE(std::isfinite(json.get<double>()));
  if (json.is_structured())
    for (const Json& member : json) expect_no_nan(member);
}

Look with_latency(Look look, const char* key, double requests, double seconds_each) {
  Histogram& histogram = look.histograms[key]["engine='0',"];
  histogram.count = requests;
  histogram.sum = requests * seconds_each;
  histogram.up_to = {{0.5, seconds_each <= 0.5 ? requests : 0}, {2, requests}, {test::inf, requests}};
  return look;
}

}  // namespace

TEST_CASE("rates are of the time between the first and the last look of the window", "[watch]") {
  const View seen = test::view({look(0, {{"generated_tokens", 100}, {"finished", 1}}),
                                look(2, {{"generated_tokens", 300}, {"finished", 1}}),
                                look(4, {{"generated_tokens", 900}, {"finished", 3}})});
  CHECK(seen.generated_tokens_per_s == 200);
  CHECK(seen.requests_per_s == 0.5);
  CHECK(seen.window_s == 4);
  CHECK_FALSE(seen.prompt_tokens_per_s);
}

TEST_CASE("looks older than the window are forgotten, but never all but one", "[watch]") {
  std::vector<Look> looks;
  for (int i = 0; i <= 20; ++i) looks.push_back(look(10.0 * i, {{"generated_tokens", i < 15 ? 0.0 : 100.0 * i}}));
  CHECK(test::view(looks, nullptr, 30).window_s == 30);
  CHECK(test::view(looks, nullptr, 30).generated_tokens_per_s == 10);
  CHECK(test::view(looks, nullptr, 1).window_s == 10);
}

TEST_CASE("one look has no rates, but what is running", "[watch]") {
  const View seen = test::view({look(0, {{"running", 3}, {"generated_tokens", 100}})});
  CHECK(seen.running == 3);
  CHECK_FALSE(seen.generated_tokens_per_s);
  CHECK_FALSE(seen.preemptions);
}

TEST_CASE("a restart is seen by its time and by counters that fall, and costs no negative rate", "[watch]") {
  const View by_time = test::view({look(0, {{"generated_tokens", 100}, {"started", 1000}}),
                                   look(10, {{"generated_tokens", 150}, {"started", 2000}})});
  CHECK(by_time.restarts == 1);
  CHECK(by_time.generated_tokens_per_s == 15);
  const View by_fall = test::view({look(0, {{"generated_tokens", 100}}), look(10, {{"generated_tokens", 20}})});
  CHECK(by_fall.restarts == 1);
  CHECK(by_fall.generated_tokens_per_s == 2);
}

TEST_CASE("looks that failed are counted and do not break the window", "[watch]") {
  Look away;
  away.at_s = 5;
  away.problem = "no answer";
  const View back = test::view({look(0, {{"generated_tokens", 0}}), away, look(10, {{"generated_tokens", 50}})});
  CHECK(back.unanswered == 1);
  CHECK(back.generated_tokens_per_s == 5);
  const View gone = test::view({look(0, {{"running", 1}}), away});
  CHECK_FALSE(gone.has_server);
  CHECK_FALSE(gone.running);
}

TEST_CASE("latencies are of the window, or of the whole life of the server where the window has none", "[watch]") {
  const Look first = with_latency(look(0, {}), "first_token", 10, 0.2),
             same = with_latency(look(5, {}), "first_token", 10, 0.2);
  const View quiet = test::view({first, same});
  CHECK(quiet.first_token.is_since_start);
  CHECK(quiet.first_token.mean_ms == Approx(200));
  Look more = with_latency(look(9, {}), "first_token", 14, 0.2);
  more.histograms["first_token"].begin()->second.sum = 2 + 4 * 0.4;
  const View busy = test::view({first, same, more});
  CHECK_FALSE(busy.first_token.is_since_start);
  CHECK(busy.first_token.requests == 4);
  CHECK(busy.first_token.mean_ms == Approx(400));
  CHECK_FALSE(busy.token.mean_ms);
}

TEST_CASE("of several engines the fullest cache and the smallest one count", "[watch]") {
  Look seen = look(0, {});
  seen.numbers["cache"] = {{"0", 0.2}, {"1", 0.7}};
  seen.numbers["running"] = {{"0", 2}, {"1", 5}};
  seen.caches = {{2604, 16, 0.9, "auto"}, {2500, 16, 0.9, "auto"}};
  const View made = test::view({seen});
  CHECK(made.cache_share == 0.7);
  CHECK(made.cache_tokens == 40000);
  CHECK(made.running == 7);
  CHECK(made.engines == 2);
}

TEST_CASE("prefix cache hits are a share of what was looked up in the window", "[watch]") {
  const auto at = [](double s, double queries, double hits) {
    return look(s, {{"prefix_queries", queries}, {"prefix_hits", hits}});
  };
  CHECK(test::view({at(0, 100, 50), at(1, 300, 100)}).prefix_hit_share == 0.25);
  CHECK_FALSE(test::view({at(0, 100, 50), at(1, 100, 50)}).prefix_hit_share);
}

TEST_CASE("no number of a view is NaN, infinite or negative, whatever pages say", "[watch]") {
  std::mt19937 random(3);
  std::uniform_real_distribution<double> numbers(0, 1e12);
  const std::vector<const char*> keys = {"running",       "waiting",          "cache",    "preemptions",
                                         "prompt_tokens", "generated_tokens", "finished", "prefix_queries",
                                         "prefix_hits",   "started"};
  for (int run = 0; run < 200; ++run) {
    std::vector<Look> looks;
    for (int i = 0; i < 4; ++i) {
      std::map<std::string, double> page;
      for (const char* key : keys)
        if (random() % 3 != 0) page[key] = random() % 4 == 0 ? 0 : numbers(random);
      // moments may be the same
      looks.push_back(
          test::with_card(with_latency(look(i / 2, page), "token_time", numbers(random), 0.1), numbers(random)));
    }
    const History all = test::history(looks);
    const View seen = make_view(all, {}, nullptr, test::watch_rules());
    expect_no_nan(to_json(seen, all, {}, nullptr));
    for (const auto& rate : {seen.requests_per_s, seen.generated_tokens_per_s, seen.prompt_tokens_per_s})
      if (rate) REQUIRE(*rate >= 0);
  }
}

TEST_CASE("memory points are thinned out and the trend stays", "[watch]") {
  History all(60);
  for (int i = 0; i < 10000; ++i) all.add(test::with_card(look(i, {}), 1000 + i * 0.1));
  CHECK(all.memory_mib().at(0).size() <= 2048);
  CHECK(trend_of(all.memory_mib().at(0))->per_s == Approx(0.1));
}
