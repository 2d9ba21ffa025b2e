#include "plan/plan.hpp"

#include "base/units.hpp"
#include "support/catch.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::plan_with;
using test::sample_scenario;
using test::Units;

namespace {

std::vector<std::string> warnings(const Scenario& scenario, const Units& units = {}) {
  return plan_with(scenario, units).warnings;
}

}  // namespace

TEST_CASE("without --max-model-len all the context that fits is judged", "[plan]") {
  CHECK(plan_with(sample_scenario(), Units{}).candidate.context_tokens == 8192);
  const Plan tight = plan_with(sample_scenario(), Units{.weights = 80});
  CHECK(tight.fits());
  CHECK(tight.candidate.context_tokens == 1200);  // 12 GiB for 1200 tokens, a whole number of blocks
}

TEST_CASE("never less than one request is judged, even when that does not fit", "[plan]") {
  const Plan plan = plan_with(sample_scenario(), Units{.weights = 90});
  CHECK_FALSE(plan.fits());
  CHECK(plan.candidate.context_tokens == 1024);
}

TEST_CASE("--max-model-len is judged as given, up to the model's maximum", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 4000;
  CHECK(plan_with(scenario, Units{}).candidate.context_tokens == 4000);
  scenario.request.max_model_len = 100000;
  CHECK(plan_with(scenario, Units{}).candidate.context_tokens == 8192);
  CHECK(warnings(scenario) ==
        std::vector<std::string>{"--max-model-len 100000 is above the model's own maximum: planned with 8192"});
}

TEST_CASE("a request that is longer than the context is warned of", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 512;
  CHECK(warnings(scenario) ==
        std::vector<std::string>{"a request of 1000 + 24 tokens is longer than --max-model-len 512"});
  scenario = sample_scenario();
  scenario.request.prompt_tokens = 10000;
  CHECK(warnings(scenario) ==
        std::vector<std::string>{"a request of 10000 + 24 tokens is longer than the model's 8192 tokens"});
}

TEST_CASE("one share of memory serves verdict, report and files", "[plan]") {
  const auto utilization = [](Scenario scenario, const Json& policy = nullptr) {
    return plan_with(scenario, test::memory_part([](const vw_candidate& c) { return test::by_units({}, c); }, policy))
        .utilization;
  };
  Scenario scenario = sample_scenario();
  CHECK(utilization(scenario) == 0.92);
  CHECK(utilization(scenario, {{"gpu_memory_utilization", 0.9}}) == 0.9);
  scenario.hardware.gpu.market = "consumer";
  CHECK(utilization(scenario) == 0.88);
  CHECK(utilization(scenario, {{"gpu_memory_utilization", 0.9}}) == 0.9);
  scenario.release.gpu_memory_utilization = 0.8;
  CHECK(utilization(scenario) == 0.8);
  scenario.request.gpu_memory_utilization = 0.75;
  CHECK(utilization(scenario, {{"gpu_memory_utilization", 0.9}}) == 0.75);
  const Plan plan = plan_with(scenario, Units{});
  CHECK(plan.candidate.utilization == 0.75);
  CHECK(plan.recommended.candidate.utilization == 0.75);
}

TEST_CASE("the limits are what the memory model says, else what bisection finds", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 2048;
  const Plan solved = plan_with(scenario, Units{});
  CHECK(solved.limits.context_tokens == 8192);
  CHECK(solved.limits.concurrency == 4);  // 82 GiB for 20.48 GiB each
  const Plan said = plan_with(scenario, test::memory_part([](const vw_candidate& candidate) {
                                vw_memory memory = test::by_units({}, candidate);
                                memory.kv_sequence_bytes = 1;
                                memory.max_concurrency = 3.7;
                                memory.max_context_tokens = 5000;
                                return memory;
                              }));
  CHECK(said.limits.context_tokens == 5000);
  CHECK(said.limits.concurrency == 3);
}

TEST_CASE("cards that no copy of the model uses are warned of", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.hardware.gpus_per_node = 6;
  CHECK(warnings(scenario) == std::vector<std::string>{"2 of 6 gpus stay unused at tensor 4 x pipeline 1 x data 1"});
}

TEST_CASE("a latency that is missed is warned of with the estimate", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.target_latency_ms = 1500;
  CHECK(warnings(scenario).empty());  // 1000 ms for the first token, 23 x 20 ms for the others
  scenario.request.target_latency_ms = 1400;
  CHECK(warnings(scenario) ==
        std::vector<std::string>{
            "a request of 1000 + 24 tokens takes about 1460 ms, more than --target-latency-ms 1400"});
}

TEST_CASE("a format that the card cannot run does not fit, however small", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.obstacles = {{"a checkpoint stored as tiny", "needs compute capability 10.0, Lab 1 has 9.0", "", true}};
  const Plan plan = plan_with(scenario, Units{});
  CHECK(fits(plan.memory));
  CHECK_FALSE(plan.is_supported);
  CHECK_FALSE(plan.fits());
  CHECK_FALSE(plan.recommended.fits());
  CHECK(plan.advice.empty());
}

TEST_CASE("warnings come from hardware, release, scenario, memory model and recommendation, in this order", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.hardware.warnings = {"hardware"};
  scenario.release.notes = {"release"};
  scenario.warnings = {"scenario"};
  scenario.request.max_model_len = 8192;
  const Part part = test::memory_part([](const vw_candidate& c) { return test::by_units({.weights = 50}, c); },
                                      Json::object(), {{"warnings", {"memory model"}}});
  CHECK(plan_with(scenario, part).warnings ==
        std::vector<std::string>{"hardware", "release", "scenario", "memory model",
                                 "--max-model-len 8192 does not fit at concurrency 1: the configuration uses 4192"});
}

TEST_CASE("sums over the group follow from the scope that a memory model says", "[plan]") {
  vw_candidate candidate{};
  candidate.tensor_parallel = 4;
  candidate.pipeline_parallel = 2;
  vw_memory memory{};
  CHECK(over_group(candidate, memory, 1) == 8);  // one GPU, the fullest
  memory.scope_gpus = 1;
  CHECK(over_group(candidate, memory, 1) == 8);
  memory.scope_gpus = 8;
  CHECK(over_group(candidate, memory, 1) == 1);
  memory.scope_gpus = 4;
  CHECK(over_group(candidate, memory, 1) == 2);
}
