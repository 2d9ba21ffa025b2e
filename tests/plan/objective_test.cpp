// Which split of the cards a plan takes, by what it is to be good at.
#include "plan/objective.hpp"
#include "support/catch.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::sample_scenario;

namespace {

// Wider splits answer sooner, more copies answer more: a request takes 10 s / tensor, each copy makes 100 tokens/s
// and a tenth of that more for each further card of its group.
Part trading_perf(double tokens_per_s = 100) {
  test::Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = [tokens_per_s](const vw_candidate& candidate, const vw_memory&) {
    vw_perf perf{};
    perf.ttft_ms = 10000.0 / candidate.tensor_parallel;
    perf.tpot_ms = 1e-9;
    perf.output_tokens_per_s =
        tokens_per_s * candidate.data_parallel * (1 + 0.1 * static_cast<double>(candidate.tensor_parallel));
    return perf;
  };
  return test::make_part(std::move(fake));
}

Scenario on_four(const std::string& mode) {
  Scenario scenario = sample_scenario();
  scenario.hardware.gpus_per_node = 4;
  scenario.request.batching_mode = mode;
  return scenario;
}

std::optional<Parallel> best_of(const Scenario& scenario, const Part& perf = trading_perf(),
                                const test::Units& units = {}) {
  MemoryJudge memory(test::memory_part(units), scenario);
  PerfJudge speed(perf, scenario);
  return best_parallel(scenario, memory, speed);
}

std::string words(const std::optional<Parallel>& way) {
  return way ? std::to_string(way->tensor) + " x " + std::to_string(way->data) : "none";
}

}  // namespace

TEST_CASE("throughput takes copies, latency takes wide groups, and the reason has the next best", "[plan]") {
  const auto most = best_of(on_four("throughput"));
  CHECK(words(most) == "1 x 4");
  CHECK(most->reason ==
        "most tokens/s (throughput mode): 440 tokens/s, 10.00 s a request; next best tensor 2 x data 2: 240 tokens/s, "
        "5.00 s a request");
  CHECK(words(best_of(on_four("latency"))) == "4 x 1");
}

TEST_CASE("balanced weighs both: tokens/s times speed of a request", "[plan]") {
  const auto best = best_of(on_four("balanced"));  // 440 / 10, 240 / 5, 140 / 2.5
  CHECK(words(best) == "4 x 1");
}

TEST_CASE("what keeps --target-latency-ms comes before what is worth more", "[plan]") {
  Scenario scenario = on_four("throughput");
  scenario.request.target_latency_ms = 6000;
  CHECK(words(best_of(scenario)) == "2 x 2");
  scenario.request.target_latency_ms = 1;
  CHECK(words(best_of(scenario)) == "1 x 4");
}

TEST_CASE("only what fits is taken", "[plan]") {
  CHECK(words(best_of(on_four("throughput"), trading_perf(), {.weights = 150})) == "2 x 2");
  CHECK(words(best_of(on_four("throughput"), trading_perf(), {.weights = 1000})) == "none");
}

TEST_CASE("a split that was given stays, and so does the rule where no heuristic gives throughput", "[plan]") {
  Scenario given = on_four("throughput");
  given.request.data_parallel = 1;
  CHECK(words(best_of(given)) == "none");
  CHECK(words(best_of(on_four("throughput"), trading_perf(0))) == "none");
  CHECK(words(best_of(sample_scenario())) == "none");
}
