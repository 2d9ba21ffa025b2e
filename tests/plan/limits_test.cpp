#include "support/catch.hpp"
#include "support/plan_lab.hpp"

#include <algorithm>

using namespace vw;
using test::plan_with;
using test::sample_scenario;
using test::Units;

namespace {

// 90 GiB of weights, 1 GiB for 1000 tokens, estimates within 2 GiB; from 96 % on vLLM finds too little memory free.
Part uncertain(double weights_gib) {
  return test::memory_part([weights_gib](const vw_candidate& candidate) {
    constexpr double gib = 1073741824.0;
    vw_memory memory = test::by_units({.weights = weights_gib, .per_token = 0.001}, candidate);
    const double left = memory.capacity_bytes - memory.weights_bytes;
    memory.kv_available_bytes = std::max(0.0, left);
    memory.kv_available_low_bytes = std::max(0.0, left - 2 * gib);
    memory.kv_available_high_bytes = std::max(0.0, left + 2 * gib);
    if (candidate.utilization <= 0.96) return memory;
    memory.verdict = VW_DOES_NOT_FIT;
    memory.reason = VW_REASON_UTILIZATION_ABOVE_FREE;
    memory.reason_value = 0.96;
    return memory;
  });
}

Scenario with_context(std::int64_t tokens) {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = tokens;
  return scenario;
}

std::optional<double> smallest(double weights_gib) {
  return plan_with(with_context(1000), uncertain(weights_gib)).limits.utilization;
}

}  // namespace

TEST_CASE("the smallest utilization holds the request at the low end of the estimate", "[plan]") {
  CHECK(smallest(50) == 0.53);  // 50 + 1 + 2 of 100 GiB
  CHECK(smallest(92) == 0.95);
  CHECK(smallest(93) == 0.96);
  CHECK_FALSE(smallest(94).has_value());  // 97 would be above what is free
}

TEST_CASE("the fewest GPUs are looked for below and above what was asked for", "[plan]") {
  Scenario scenario = with_context(1024);
  scenario.hardware.gpus_per_node = 8;
  const auto fewest = [&](double weights_gib) {
    return plan_with(scenario, Units{.weights = weights_gib, .per_token = 0.001}).limits.fewest_gpus;
  };
  CHECK(fewest(50)->tensor == 1);
  CHECK(fewest(150)->tensor == 2);
  CHECK(fewest(700)->tensor == 8);
  CHECK_FALSE(fewest(100000).has_value());
}

TEST_CASE("what runs on no card of the kind has no fewest GPUs and no utilization", "[plan]") {
  Scenario scenario = with_context(1024);
  scenario.obstacles.push_back({"a checkpoint stored as x", "needs a newer card", "", true});
  const Limits limits = plan_with(scenario, Units{}).limits;
  CHECK_FALSE(limits.fewest_gpus.has_value());
  CHECK_FALSE(limits.utilization.has_value());
}

TEST_CASE("a utilization that nobody asked for is lowered to what starts", "[plan]") {
  Scenario scenario = with_context(1000);
  scenario.release.gpu_memory_utilization = 0.99;
  const Plan lowered = plan_with(scenario, uncertain(50));
  CHECK(lowered.utilization == 0.96);
  CHECK(lowered.recommended.reasons.at("gpu_memory_utilization") ==
        "vLLM 0.31 defaults to 0.99; lowered to what is free when it starts");
  scenario.request.gpu_memory_utilization = 0.98;
  const Plan given = plan_with(scenario, uncertain(50));
  CHECK(given.utilization == 0.98);
  CHECK_FALSE(given.fits());
}

TEST_CASE("without --max-model-len the model's maximum is taken by the best estimate, less only with certainty",
          "[plan]") {
  const auto judged = [](double weights_gib) {
    return plan_with(sample_scenario(), uncertain(weights_gib)).candidate.context_tokens;
  };
  CHECK(judged(83) == 8192);  // 92 - 83 = 9 GiB hold 8.2
  CHECK(judged(85) == 4992);  // of 7 GiB 5 are sure: 312 blocks of 16
  CHECK(judged(91) == 1024);  // nothing is sure: what a request needs
}

TEST_CASE("tight is what the interval straddles, and the risk follows from it", "[plan]") {
  const auto words = [](double weights_gib) {
    const Scenario scenario = with_context(1000);
    const Json json = to_json(scenario, plan_with(scenario, uncertain(weights_gib)), "m", "p").at("feasibility");
    return json.at("oom_risk").get<std::string>() + (json.at("tight") == true ? ", tight" : "") +
           (json.at("fits") == true ? ", fits" : "");
  };
  CHECK(words(80) == "low, fits");
  CHECK(words(90) == "medium, tight, fits");
  CHECK(words(92.5) == "high, tight");
  CHECK(words(99) == "high");
}
