// Percentiles of latencies: which of the ways that meet a target in the mean keep it, as replays say.
#include "search/replay.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/search_lab.hpp"

#include <cmath>
#include <set>

using namespace vw;
using test::SearchLab;

namespace {

// The 90th and 99th percentile are so many times the mean, the 50th is the mean; what was asked is kept.
Part replaying_speed(double of_p99, std::vector<Json>* asked = nullptr) {
  test::Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = test::sample_perf;
  fake.ask = [=](const std::string& question) {
    const Json json = Json::parse(question);
    if (asked != nullptr) asked->push_back(json);
    const Json& candidate = json.at("candidate");
    vw_candidate running{};
    running.concurrency = candidate.at("concurrency");
    running.tensor_parallel = candidate.at("tensor_parallel");
    running.prompt_tokens = candidate.at("prompt_tokens");
    running.generated_tokens = candidate.at("generated_tokens");
    const vw_perf perf = test::sample_perf(running, {});
    const auto spread = [&](double mean) {
      return Json{{"p50", mean}, {"p90", mean * std::sqrt(of_p99)}, {"p99", mean * of_p99}};
    };
    return Json{{"ttft_ms", spread(perf.ttft_ms)}, {"tpot_ms", spread(perf.tpot_ms)}}.dump();
  };
  return make_part(std::move(fake));
}

struct Found {
  Sizing sizing;
  std::vector<Json> asked;
};

Target users(std::int64_t concurrency, double max_tpot_ms, const std::string& limits_at = "mean") {
  Target target;
  target.concurrency = concurrency;
  target.max_tpot_ms = max_tpot_ms;
  target.limits_at = limits_at;
  return target;
}

// Few ways, so that every list holds all of them.
Axes few_axes() {
  Axes axes = test::sample_axes();
  axes.gpus = {"l40s"};
  axes.quantizations = {"none"};
  axes.kv_cache_dtypes = {"auto"};
  axes.contexts = {4096};
  return axes;
}

Found sized(const Target& target, Axes axes, const OpenJudges* open = nullptr, double of_p99 = 1.5,
            unsigned threads = 1) {
  axes.concurrencies = concurrencies_for(target);
  SearchLab lab(axes);
  Found found{Sizing(target, axes.concurrencies.size()), {}};
  if (open == nullptr)
    lab.open = [speed = replaying_speed(of_p99, &found.asked)](const Scenario& scenario) {
      return Judges{MemoryJudge(test::vllm_memory(), scenario), PerfJudge(speed, scenario)};
    };
  run_sweep(*lab.space, *lab.lanes, lab.open, threads, gather_into(found.sizing, target, axes.concurrencies.size()),
            nullptr);
  found.sizing.finish();
  Replays(lab.open, target, 7, nullptr).settle(found.sizing);
  return found;
}

Found sized(const Target& target, double of_p99 = 1.5, unsigned threads = 1) {
  return sized(target, few_axes(), nullptr, of_p99, threads);
}

double p99(const Fleet& fleet) { return fleet.simulated.at("tpot_ms").at("p99"); }

}  // namespace

TEST_CASE("answers in the mean get their percentiles, each server replayed once", "[search]") {
  const Found found = sized(users(16, 25));
  REQUIRE(found.sizing.cheapest);
  CHECK(p99(*found.sizing.cheapest) == Approx(*found.sizing.cheapest->row.figures.tpot_ms * 1.5));
  std::set<std::uint64_t> rows;
  for (const auto& fleet : {found.sizing.cheapest, found.sizing.fewest_gpus, found.sizing.fastest})
    rows.insert(fleet->row.row.index);
  CHECK(found.asked.size() == rows.size());
  CHECK(found.asked.front().at("seed") == 7);
  CHECK(found.asked.front().at("request_rate_per_s") == 0);
  CHECK(found.sizing.replayed == 0);
}

TEST_CASE("limits at a percentile give what limits so much lower in the mean give", "[search]") {
  for (const double max_tpot_ms : {36.0, 30.0, 24.0, 15.0}) {
    const Target target = users(40, max_tpot_ms, "p99");
    const Found at_p99 = sized(target), in_mean = sized(users(40, max_tpot_ms / 1.5));
    CHECK_FALSE(at_p99.sizing.shortlists.by_cost.is_cut);
    CHECK_FALSE(at_p99.sizing.shortlists.by_gpus.is_cut);
    REQUIRE(at_p99.sizing.cheapest);
    CHECK(p99(*at_p99.sizing.cheapest) <= max_tpot_ms);
    CHECK(at_p99.sizing.cheapest->row.row.index == in_mean.sizing.cheapest->row.row.index);
    CHECK(at_p99.sizing.fewest_gpus->gpus() == in_mean.sizing.fewest_gpus->gpus());
    CHECK(at_p99.sizing.replayed == at_p99.asked.size());
    CHECK(tightest(target, *at_p99.sizing.cheapest)->value == p99(*at_p99.sizing.cheapest));
  }
}

TEST_CASE("a limit at the median is met by what meets it in the mean where these are equal", "[search]") {
  const Found median = sized(users(40, 20, "p50")), mean = sized(users(40, 20));
  CHECK(median.sizing.cheapest->row.row.index == mean.sizing.cheapest->row.row.index);
}

TEST_CASE("where no replay keeps the limits the nearest miss is kept, and how many were tried", "[search]") {
  const Target target = users(16, 25, "p99");
  const Found found = sized(target, 100);
  CHECK_FALSE(found.sizing.has_answer());
  CHECK(found.sizing.solutions > 0);
  CHECK(found.sizing.replayed > 0);
  REQUIRE(found.sizing.nearest);
  CHECK(tightest(target, *found.sizing.nearest)->value == p99(*found.sizing.nearest));
}

TEST_CASE("no list to replay is longer than it may be, and says when there is more", "[search]") {
  Axes axes = test::sample_axes();
  axes.contexts = {4096};
  const Found found = sized(users(300, 60, "p99"), axes, nullptr, 100);
  const Shortlist& list = found.sizing.shortlists.by_gpus;
  CHECK(list.is_cut);
  CHECK(list.ways.size() == Shortlist::most);
  CHECK(list.tried <= list.ways.size());
  CHECK(std::is_sorted(list.ways.begin(), list.ways.end(),
                       [](const Way& a, const Way& b) { return a.front().gpus() < b.front().gpus(); }));
  CHECK(found.asked.size() <= 3 * (Replays::most + 2));
}

TEST_CASE("more servers are taken where the fewest keep the limits in the mean only", "[search]") {
  Axes axes = few_axes();
  axes.tensor.values = {1};
  const Found mean = sized(users(100, 36), axes), found = sized(users(100, 36, "p99"), axes);
  REQUIRE(found.sizing.cheapest);
  CHECK(mean.sizing.cheapest->replicas == 3);   // 34 users each, memory holds no 50
  CHECK(found.sizing.cheapest->replicas == 7);  // 15 each, of 16 that have 24 ms in the mean
  CHECK(found.asked.size() < 12);
}

TEST_CASE("a rate comes to each server in its share", "[search]") {
  Target target;
  target.requests_per_s = 50;
  target.max_tpot_ms = 30;
  target.limits_at = "p99";
  const Found found = sized(target);
  REQUIRE(found.sizing.fewest_gpus);
  const Fleet& fleet = *found.sizing.fewest_gpus;
  const auto share = [&](const Json& question) {
    return question.at("request_rate_per_s") == 50.0 / static_cast<double>(fleet.replicas);
  };
  CHECK(std::any_of(found.asked.begin(), found.asked.end(), share));
}

TEST_CASE("a heuristic that cannot replay leaves means without percentiles, and refuses limits at one", "[search]") {
  const SearchLab lab(few_axes());
  const Found found = sized(users(16, 25), few_axes(), &lab.open);
  REQUIRE(found.sizing.cheapest);
  CHECK(found.sizing.cheapest->simulated.is_null());
  CHECK(test::message_of([&] { sized(users(16, 25, "p99"), few_axes(), &lab.open); }) ==
        "--limits-at: is p99, but perf-heuristic 'fake' cannot replay the scheduler, expected mean");
}

TEST_CASE("the number of workers changes no answer that was replayed", "[search]") {
  const auto key = [](const Found& found) {
    return std::tuple(found.sizing.cheapest->row.row.index, found.sizing.fewest_gpus->row.row.index,
                      found.sizing.fastest->row.row.index, found.asked);
  };
  Target target;
  target.requests_per_s = 200;
  target.max_tpot_ms = 40;
  target.limits_at = "p90";
  Axes axes = test::sample_axes();
  axes.contexts = {4096};
  const auto alone = key(sized(target, axes, nullptr, 1.2, 1));
  CHECK(alone == key(sized(target, axes, nullptr, 1.2, 2)));
  CHECK(alone == key(sized(target, axes, nullptr, 1.2, 4)));
}
