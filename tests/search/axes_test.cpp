#include "search/axes.hpp"

#include "support/catch.hpp"
#include "support/plan_lab.hpp"
#include "support/shipped.hpp"

#include <string>

using namespace vw;

namespace {

// 4 attention heads, 2 for keys and values, a few layers; 8 cards in a node.
std::string ways(const Axes& axes, const Request& request = {}) {
  const Scenario scenario = test::sample_scenario();
  Model model = scenario.model;
  model.attention_heads = 32;
  model.kv_heads = 8;
  model.layers = 6;
  std::string text;
  for (const Layout& layout : layouts_on(axes, model, scenario.hardware, request))
    text += std::to_string(layout.gpus_per_node) + ":" + std::to_string(layout.tensor) + "x" +
            std::to_string(layout.pipeline) + " ";
  return text;
}

}  // namespace

TEST_CASE("without an axis of gpus all tensor parallel sizes of a node are tried", "[search]") {
  CHECK(ways({}) == "1:1x1 2:2x1 4:4x1 8:8x1 ");
}

TEST_CASE("a tensor parallel size that does not divide the heads is no way", "[search]") {
  Axes axes;
  axes.tensor.values = {1, 3, 4, 16};
  CHECK(ways(axes) == "1:1x1 4:4x1 16:16x1 ");
}

TEST_CASE("stages multiply the gpus and never outnumber the layers", "[search]") {
  Axes axes;
  axes.tensor.values = {2};
  axes.pipeline.all = true;
  CHECK(ways(axes) == "2:2x1 4:2x2 8:2x4 ");
}

TEST_CASE("gpus alone are split as widely as the heads allow", "[search]") {
  Axes axes;
  axes.gpus_per_node.values = {1, 4, 6};
  CHECK(ways(axes) == "1:1x1 4:4x1 6:4x1 ");
}

TEST_CASE("gpus that are too few for a split are no way", "[search]") {
  Axes axes;
  axes.gpus_per_node.values = {2, 8};
  axes.tensor.values = {1, 4};
  CHECK(ways(axes) == "2:1x1 8:1x1 8:4x1 ");
}

TEST_CASE("copies of the model need their own gpus", "[search]") {
  Request request;
  request.data_parallel = 2;
  Axes axes;
  axes.tensor.values = {1, 4};
  CHECK(ways(axes, request) == "2:1x1 8:4x1 ");
}

TEST_CASE("all gpus are those that vLLM runs on by itself and whose memory is known", "[search]") {
  const std::vector<std::string> ids = all_gpus(test::shipped().catalog());
  CHECK(ids.size() > 60);
  for (const std::string& id : ids) {
    const Gpu gpu = GpuTable(test::shipped().catalog(), id).find(id).gpu;
    INFO(id);
    CHECK(gpu.vllm == "supported");
    CHECK(gpu.memory_mib.has_value());
  }
}

TEST_CASE("all releases come oldest first by their numbers", "[search]") {
  const std::vector<std::string> versions = all_releases(test::shipped().catalog());
  CHECK(versions.front() == "0.8.0");
  CHECK(versions[1] == "0.9.1");
  CHECK(versions[2] == "0.10.0");
}

TEST_CASE("all formats are those that vLLM really offers for the model", "[search]") {
  Model model;
  model.variants = {{"org/model-awq", "awq", "awq"}, {"org/model-odd", "odd", ""}};
  const std::vector<std::string> ids = all_quantizations(test::shipped().catalog(), model);
  CHECK(ids.front() == "none");
  CHECK(std::find(ids.begin(), ids.end(), "awq") != ids.end());
  CHECK(std::find(ids.begin(), ids.end(), "fp8") != ids.end());
  CHECK(std::find(ids.begin(), ids.end(), "gptq") == ids.end());
  model.declared_method = "awq";
  CHECK(all_quantizations(test::shipped().catalog(), model) == std::vector<std::string>{"none"});
}

TEST_CASE("all contexts end at what the model takes", "[search]") {
  Model model;
  model.max_context_tokens = 40960;
  CHECK(all_contexts(model) == std::vector<std::int64_t>{4096, 8192, 16384, 32768, 40960});
  model.max_context_tokens = 2048;
  CHECK(all_contexts(model) == std::vector<std::int64_t>{2048});
  model.max_context_tokens = 1048576;
  CHECK(all_contexts(model).back() == 131072);
}
