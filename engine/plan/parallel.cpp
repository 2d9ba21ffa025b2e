#include "plan/parallel.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

namespace vw {
namespace {

std::int64_t largest_power(const Model& model, std::int64_t gpus) {
  std::int64_t best = 1;
  for (std::int64_t size = 2; size <= gpus; size *= 2)
    if (can_split_heads(model, size)) best = size;
  return best;
}

void expect_heads_divide(const Model& model, std::int64_t tensor_parallel) {
  if (can_split_heads(model, tensor_parallel)) return;
  std::vector<std::string> possible;
  for (std::int64_t size = 1; size <= 64; size *= 2)
    if (can_split_heads(model, size)) possible.push_back(std::to_string(size));
  throw Error("--tensor-parallel-size",
              fmt::format("{} does not divide the {} attention heads ({} kv heads) of {}, expected {}", tensor_parallel,
                          model.attention_heads, model.kv_heads, quote(model.id), join_or(possible)));
}

void expect_enough_gpus(const Scenario& scenario, const Parallel& parallel) {
  const std::int64_t gpus = scenario.hardware.total_gpus();
  if (parallel.total() <= gpus) return;
  throw Error("--gpus",
              fmt::format("{} gpus are too few for tensor {} x pipeline {} x data {} = {}, expected at least {}", gpus,
                          parallel.tensor, parallel.pipeline, parallel.data, parallel.total(),
                          (parallel.total() + scenario.hardware.nodes - 1) / scenario.hardware.nodes));
}

}  // namespace

bool can_split_heads(const Model& model, std::int64_t size) {
  if (size < 1) return false;
  if (model.attention_heads == 0) return true;  // no attention at all
  if (model.attention_heads % size != 0) return false;
  const std::int64_t kv_heads = model.kv_heads > 0 ? model.kv_heads : model.attention_heads;
  return kv_heads % size == 0 || size % kv_heads == 0;
}

std::vector<Parallel> layouts(const Scenario& scenario, std::int64_t most) {
  const std::int64_t node = std::max(scenario.hardware.gpu.gpus_per_node, scenario.hardware.gpus_per_node);
  if (scenario.hardware.gpu.slice) most = 1;  // MIG slices cannot share a model
  std::vector<Parallel> ways;
  std::int64_t widest = 1;
  for (std::int64_t size = 1; size <= std::min(node, most); size *= 2)
    if (can_split_heads(scenario.model, size)) {
      ways.push_back({size, 1, 1, ""});
      widest = size;
    }
  for (std::int64_t stages = 2; widest * stages <= most && stages <= scenario.model.layers; stages *= 2)
    ways.push_back({widest, stages, 1, ""});
  return ways;
}

Parallel choose_parallel(const Scenario& scenario) {
  const Request& request = scenario.request;
  const Hardware& hardware = scenario.hardware;
  Parallel parallel;
  parallel.data = request.data_parallel.value_or(1);
  if (request.tensor_parallel) {
    parallel.tensor = *request.tensor_parallel;
    expect_heads_divide(scenario.model, parallel.tensor);
    parallel.reason = "as given";
  } else if (hardware.gpu.slice) {
    parallel.reason = "MIG slices cannot share a model";
  } else {
    const std::int64_t others = request.pipeline_parallel.value_or(1) * parallel.data;
    const std::int64_t usable = std::max<std::int64_t>(1, hardware.total_gpus() / std::max<std::int64_t>(others, 1));
    parallel.tensor = largest_power(scenario.model, std::min(usable, hardware.gpus_per_node));
    parallel.reason =
        fmt::format("largest power of two up to {} gpus that divides {} attention heads ({} kv heads)",
                    std::min(usable, hardware.gpus_per_node), scenario.model.attention_heads, scenario.model.kv_heads);
  }
  const bool spans_nodes = !request.pipeline_parallel && !request.tensor_parallel && !request.data_parallel;
  parallel.pipeline = request.pipeline_parallel.value_or(spans_nodes ? hardware.nodes : 1);
  if (parallel.pipeline > scenario.model.layers)
    throw Error("--pipeline-parallel-size",
                fmt::format("is {}, expected at most the {} layers of {}", parallel.pipeline, scenario.model.layers,
                            quote(scenario.model.id)));
  expect_enough_gpus(scenario, parallel);
  return parallel;
}

}  // namespace vw
