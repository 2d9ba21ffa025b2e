#include "plan/parallel.hpp"

#include "support/catch.hpp"
#include "support/message_of.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::message_of;
using test::sample_scenario;

namespace {

Model with_heads(std::int64_t heads, std::int64_t kv_heads) {
  Model model;
  model.id = "org/sample";
  model.attention_heads = heads;
  model.kv_heads = kv_heads;
  model.layers = 32;
  return model;
}

Scenario on(std::int64_t gpus, std::int64_t nodes = 1) {
  Scenario scenario = sample_scenario();
  scenario.model = with_heads(32, 8);
  scenario.hardware.gpus_per_node = gpus;
  scenario.hardware.nodes = nodes;
  return scenario;
}

std::string refusal_of(const Scenario& scenario) {
  return message_of([&] { choose_parallel(scenario); });
}

}  // namespace

TEST_CASE("heads split when they divide, and KV heads when they divide or are replicated", "[plan]") {
  CHECK(can_split_heads(with_heads(32, 8), 1));
  CHECK(can_split_heads(with_heads(32, 8), 8));
  CHECK(can_split_heads(with_heads(32, 8), 16));  // each KV head twice
  CHECK_FALSE(can_split_heads(with_heads(32, 8), 64));
  CHECK_FALSE(can_split_heads(with_heads(28, 4), 8));
  CHECK(can_split_heads(with_heads(12, 0), 4));  // as many KV heads as heads
  CHECK_FALSE(can_split_heads(with_heads(24, 6), 4));
  CHECK(can_split_heads(with_heads(0, 0), 8));  // no attention at all
  CHECK_FALSE(can_split_heads(with_heads(32, 8), 0));
  CHECK_FALSE(can_split_heads(with_heads(32, 8), -2));
}

TEST_CASE("tensor parallel is the largest power of two that the gpus and heads allow", "[plan]") {
  CHECK(choose_parallel(on(1)).tensor == 1);
  CHECK(choose_parallel(on(6)).tensor == 4);
  CHECK(choose_parallel(on(8)).tensor == 8);
  Scenario scenario = on(8);
  scenario.model = with_heads(28, 4);
  CHECK(choose_parallel(scenario).tensor == 4);
  CHECK(choose_parallel(scenario).reason ==
        "largest power of two up to 8 gpus that divides 28 attention heads (4 kv heads)");
}

TEST_CASE("given sizes leave room for each other", "[plan]") {
  Scenario scenario = on(8);
  scenario.request.pipeline_parallel = 2;
  CHECK(choose_parallel(scenario).tensor == 4);
  scenario.request.data_parallel = 4;
  CHECK(choose_parallel(scenario).tensor == 1);
  scenario.request.tensor_parallel = 1;
  const Parallel parallel = choose_parallel(scenario);
  CHECK(parallel.reason == "as given");
  CHECK(parallel.group() == 2);
  CHECK(parallel.total() == 8);
}

TEST_CASE("several nodes become pipeline stages unless sizes are given", "[plan]") {
  const Parallel spread = choose_parallel(on(8, 2));
  CHECK(spread.tensor == 8);
  CHECK(spread.pipeline == 2);
  Scenario scenario = on(8, 2);
  scenario.request.tensor_parallel = 16;
  CHECK(choose_parallel(scenario).pipeline == 1);
}

TEST_CASE("a size that does not divide the heads is refused with those that do", "[plan]") {
  Scenario scenario = on(8);
  scenario.request.tensor_parallel = 3;
  CHECK(refusal_of(scenario) ==
        "--tensor-parallel-size: 3 does not divide the 32 attention heads (8 kv heads) of 'org/sample', expected 1, 2, "
        "4, 8, "
        "16 or 32");
}

TEST_CASE("more stages than layers and fewer gpus than sizes are refused", "[plan]") {
  Scenario scenario = on(64);
  scenario.request.pipeline_parallel = 33;
  CHECK(refusal_of(scenario) == "--pipeline-parallel-size: is 33, expected at most the 32 layers of 'org/sample'");
  scenario = on(2, 2);
  scenario.request.tensor_parallel = 4;
  scenario.request.data_parallel = 2;
  CHECK(refusal_of(scenario) ==
        "--gpus: 4 gpus are too few for tensor 4 x pipeline 1 x data 2 = 8, expected at least 4");
}

TEST_CASE("with more copies than gpus the message says how many it takes", "[plan]") {
  Scenario scenario = on(4);
  scenario.request.data_parallel = 8;
  CHECK(refusal_of(scenario) ==
        "--gpus: 4 gpus are too few for tensor 1 x pipeline 1 x data 8 = 8, expected at least 8");
}
