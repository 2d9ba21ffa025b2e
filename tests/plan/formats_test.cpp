#include "plan/formats.hpp"
#include "support/catch.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::sample_scenario;
using test::Units;

namespace {

// bf16, fp8 made at load time, a checkpoint in 4 bit; the KV cache in 16 or 8 bit.
Scenario with_choices() {
  Scenario scenario = sample_scenario();
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  scenario.weights.push_back({test::plain_format("awq", 4), "org/sample-AWQ", ""});
  scenario.kv_formats.push_back(test::kv_format("fp8", 8));
  scenario.refused_weights.push_back({"nvfp4", "org/sample-NVFP4", "needs another card"});
  return scenario;
}

// Smaller weights decode faster.
Part quicker_with_fewer_bits() {
  test::Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = [](const vw_candidate& candidate, const vw_memory&) {
    vw_perf perf{};
    perf.ttft_ms = 100;
    perf.tpot_ms = 20.0 / (1 + candidate.format);
    perf.decode_tokens_per_s = 1000 / perf.tpot_ms;
    perf.prefill_tokens_per_s = 1000;
    perf.output_tokens_per_s = 1000 / perf.tpot_ms;
    return perf;
  };
  return make_part(std::move(fake));
}

struct Weighed {
  Plan plan;
  std::vector<WeighedFormats> ways;
  Json json;
};

Weighed weigh(const Scenario& scenario, const Units& units) {
  MemoryJudge memory(test::memory_part(units), scenario);
  PerfJudge perf(quicker_with_fewer_bits(), scenario);
  Weighed result;
  result.plan = make_plan(scenario, memory, perf);
  result.ways = weigh_formats(scenario, result.plan, memory, perf);
  result.json = to_json(scenario, result.plan, result.ways);
  return result;
}

std::vector<std::string> names(const Json& json) {
  std::vector<std::string> found;
  for (const Json& way : json.at("ways"))
    found.push_back(way.at("weights_format").get<std::string>() + " " + way.at("kv_cache_format").get<std::string>());
  return found;
}

}  // namespace

TEST_CASE("formats are weighed with most bits first, each with both KV caches", "[plan]") {
  CHECK(names(weigh(with_choices(), {}).json) ==
        std::vector<std::string>{"bf16 auto", "bf16 fp8", "fp8 auto", "fp8 fp8", "awq auto", "awq fp8"});
}

TEST_CASE("a KV cache that was asked for is the only one", "[plan]") {
  Scenario scenario = with_choices();
  scenario.kv_formats = {test::kv_format("fp8", 8), test::automatic_kv()};
  CHECK(names(weigh(scenario, {}).json) == std::vector<std::string>{"bf16 fp8", "fp8 fp8", "awq fp8"});
}

TEST_CASE("what does not fit has its shortage and no speed, what fits has its speed", "[plan]") {
  const Weighed result = weigh(with_choices(), {.weights = 100});
  const Json &first = result.json.at("ways").at(0), &third = result.json.at("ways").at(2);
  CHECK(first.at("fits") == false);
  CHECK(first.at("shortfall_gb").get<double>() > 8);
  CHECK(first.at("tpot_ms").is_null());
  CHECK(third.at("fits") == true);
  CHECK(third.at("weights_gb") == 50.0);
  CHECK(third.at("tpot_ms") == 10.0);
  CHECK(third.at("output_tokens_per_s") == 100.0);
  CHECK(third.at("latency_ms").get<double>() == Approx(100 + 23 * 10.0));
  CHECK(third.at("made_at_load") == true);
}

TEST_CASE("exactly the formats of the configuration are marked as chosen", "[plan]") {
  for (const double weights : {10.0, 100.0}) {
    const Weighed result = weigh(with_choices(), {.weights = weights});
    int chosen = 0;
    for (const Json& way : result.json.at("ways")) {
      if (!way.at("chosen").get<bool>()) continue;
      ++chosen;
      CHECK(way.at("weights_format") == result.plan.recommended.weights.format.id);
    }
    CHECK(chosen == 1);
  }
}

TEST_CASE("fewer bits never leave room for fewer sequences", "[plan]") {
  const Weighed result = weigh(with_choices(), {.weights = 60});
  CHECK(result.ways.at(0).most_sequences <= result.ways.at(1).most_sequences);
  CHECK(result.ways.at(0).most_sequences <= result.ways.at(2).most_sequences);
  CHECK(result.ways.at(2).most_sequences <= result.ways.at(3).most_sequences);
}

TEST_CASE("another checkpoint that nobody read is marked so, and what the card cannot run has its reason", "[plan]") {
  const Json json = weigh(with_choices(), {}).json;
  CHECK(json.at("ways").at(4).at("checkpoint") == "org/sample-AWQ");
  CHECK(json.at("ways").at(4).at("read") == false);
  CHECK(json.at("ways").at(0).at("read") == true);
  CHECK(json.at("refused") == Json::parse(R"([{"weights_format": "nvfp4", "checkpoint": "org/sample-NVFP4",
                                              "why": "needs another card"}])"));
}

TEST_CASE("nothing is weighed where nothing runs", "[plan]") {
  Scenario scenario = with_choices();
  scenario.obstacles.push_back({"the model", "runs nowhere", "", false});
  CHECK(weigh(scenario, {}).ways.empty());
}
