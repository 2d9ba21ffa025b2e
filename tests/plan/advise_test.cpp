#include "support/catch.hpp"
#include "support/plan_lab.hpp"

#include <fmt/format.h>

using namespace vw;
using test::plan_with;
using test::sample_scenario;
using test::Units;

namespace {

// "change: effect" of each piece of advice.
std::vector<std::string> advice(const Scenario& scenario, const Units& units) {
  std::vector<std::string> lines;
  for (const Advice& item : plan_with(scenario, units).advice) {
    CHECK(item.fits);
    CHECK(item.headroom_gib >= 0);
    lines.push_back(fmt::format("{}: {}", item.change, item.effect));
  }
  return lines;
}

// 4 requests of 8192 tokens.
Scenario busy() {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 8192;
  scenario.request.concurrency = 4;
  return scenario;
}

}  // namespace

TEST_CASE("what fits needs no advice", "[plan]") { CHECK(advice(sample_scenario(), Units{}).empty()); }

TEST_CASE("every change that would make it fit is named, cheapest first", "[plan]") {
  Scenario scenario = busy();
  scenario.kv_formats.push_back(test::kv_format("fp8", 8));
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  // 92 GiB: 60 of weights, 40 of KV cache.
  const Units units{.weights = 60, .per_token = 40.0 / (4 * 8192)};
  CHECK(advice(scenario, units) ==
        std::vector<std::string>{"--kv-cache-dtype fp8: KV cache 20.00 GiB instead of 40.00",
                                 "--max-model-len 6544: the longest context at concurrency 4",
                                 "--concurrency 3: as many sequences of 8,192 tokens as fit",
                                 "--quantization fp8: fp8 weights, 30.00 GiB instead of 60.00",
                                 "--gpus 2 --tensor-parallel-size 2: 2 x Lab 1"});
}

TEST_CASE("a checkpoint that is stored smaller is advised by its name", "[plan]") {
  Scenario scenario = busy();
  scenario.request.concurrency = 1;
  scenario.request.prompt_tokens = 8000;
  scenario.weights.push_back({test::plain_format("awq", 4), "org/sample-AWQ", ""});
  CHECK(advice(scenario, Units{.weights = 100, .per_token = 0.001}) ==
        std::vector<std::string>{"--model org/sample-AWQ: awq weights, 50.00 GiB instead of 100.00",
                                 "--gpus 2 --tensor-parallel-size 2: 2 x Lab 1"});
}

TEST_CASE("a context below what one request needs is no advice", "[plan]") {
  Scenario scenario = busy();
  scenario.request.concurrency = 1;
  const Units units{.weights = 85, .per_token = 0.01};  // room for 700 tokens
  CHECK(advice(scenario, units) == std::vector<std::string>{"--gpus 2 --tensor-parallel-size 2: 2 x Lab 1"});
}

TEST_CASE("when cards alone do not help, cards and smaller weights together are tried", "[plan]") {
  Scenario scenario = busy();
  scenario.request.concurrency = 1;
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  // 8 heads, 2 of keys and values: at most 8 cards
  CHECK(advice(scenario, Units{.weights = 1200, .per_token = 0.001}) ==
        std::vector<std::string>{"--gpus 8 --tensor-parallel-size 8 --quantization fp8: 8 x Lab 1"});
  CHECK(advice(scenario, Units{.weights = 5000, .per_token = 0.001}).empty());
}

TEST_CASE("smaller weights and a smaller KV cache are tried together where neither is enough alone", "[plan]") {
  Scenario scenario = busy();
  scenario.request.prompt_tokens = 8000;
  scenario.kv_formats.push_back(test::kv_format("fp8", 8));
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  // 92 GiB: 90 of weights, 90 of KV cache for 4 sequences
  const Units units{.weights = 90, .per_token = 90.0 / (4 * 8192)};
  CHECK(advice(scenario, units) ==
        std::vector<std::string>{"--quantization fp8 --kv-cache-dtype fp8: fp8 weights, 45.00 GiB instead of 90.00, "
                                 "and KV cache 45.00 GiB instead of 90.00",
                                 "--gpus 2 --tensor-parallel-size 2: 2 x Lab 1"});
}

TEST_CASE("what cannot run here gets advice that makes it run, and no cards where nothing does", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 2048;
  scenario.running_dtype = "fp16";
  scenario.running_weights = 1;
  scenario.weights.push_back({test::plain_format("fp16", 16), "", ""});
  scenario.obstacles = {{"--dtype bf16", "needs compute capability 8.0, Lab 1 has 7.5", "--dtype fp16", true}};
  CHECK(advice(scenario, Units{}) ==
        std::vector<std::string>{"--dtype fp16: instead of --dtype bf16, which does not run here"});
  // the lab halves all formats behind the first: 100 GiB of weights in fp16
  CHECK(advice(scenario, Units{.weights = 200}) ==
        std::vector<std::string>{"--dtype fp16 --gpus 2 --tensor-parallel-size 2: 2 x Lab 1"});
  scenario.obstacles.front().mend = "";
  CHECK(advice(scenario, Units{}).empty());
}

TEST_CASE("advice gives an option once, in place of what cannot run", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 8192;
  scenario.request.prompt_tokens = 8000;
  scenario.kv_formats = {test::kv_format("nvfp4", 4), test::automatic_kv(), test::kv_format("fp8", 8)};
  scenario.running_kv = 1;
  scenario.obstacles = {{"--kv-cache-dtype nvfp4", "is not known to vLLM 0.31", "--kv-cache-dtype auto", false}};
  const Part part = test::memory_part([](const vw_candidate& candidate) {
    vw_candidate alike = candidate;
    alike.kv_format = candidate.kv_format == 1 ? 0 : 1;
    return test::by_units({.per_token = 0.02}, alike);
  });
  std::vector<std::string> changes;
  for (const Advice& item : plan_with(scenario, part).advice) changes.push_back(item.change);
  CHECK(changes ==
        std::vector<std::string>{"--kv-cache-dtype fp8", "--kv-cache-dtype auto --gpus 2 --tensor-parallel-size 2"});
}

TEST_CASE("more cards are counted over all copies and stages", "[plan]") {
  Scenario scenario = busy();
  scenario.request.concurrency = 1;
  scenario.hardware.gpus_per_node = 2;
  scenario.request.data_parallel = 2;
  CHECK(advice(scenario, Units{.weights = 150, .per_token = 0.001}) ==
        std::vector<std::string>{"--gpus 4 --tensor-parallel-size 2: 4 x Lab 1"});
}

TEST_CASE("cards that the request leaves unused are advised before more of them", "[plan]") {
  Scenario scenario = busy();
  scenario.request.concurrency = 1;
  scenario.hardware.gpus_per_node = 8;
  scenario.request.tensor_parallel = 1;
  CHECK(advice(scenario, Units{.weights = 150, .per_token = 0.001}) ==
        std::vector<std::string>{"--tensor-parallel-size 2: 2 of the 8 GPUs that are there"});
}
