// Sets of models on equal cards, of shipped tables and the vllm memory model.
#pragma once

#include "pack/packing.hpp"
#include "support/random_request.hpp"
#include "support/search_lab.hpp"

#include <string>
#include <utility>
#include <vector>

namespace vw::test {

// What a test asks of one model.
struct Asked {
  std::string model, name;
  std::int64_t tensor = 1;
  std::optional<std::int64_t> context, concurrency;
  std::optional<double> share;
};

struct Ground {
  std::string gpu;
  double used_mib = 0;
  std::string release;
};

inline Scenario scenario_of(const Ground& ground, const Asked& asked) {
  Request request;
  request.model = asked.model;
  request.gpu = ground.gpu;
  request.gpus = asked.tensor;
  request.tensor_parallel = asked.tensor;
  request.vllm_version = ground.release;
  request.max_model_len = asked.context;
  request.offline = true;
  Scenario scenario = gather(shipped().catalog(), shipped().defaults(), request);
  scenario.hardware.memory_used_mib = ground.used_mib;
  return scenario;
}

inline Tenant tenant_of(const Ground& ground, const Asked& asked) {
  Scenario scenario = scenario_of(ground, asked);
  MemoryJudge memory(vllm_memory(), scenario);
  return {asked.name, std::move(scenario), std::move(memory), asked.context, asked.concurrency, asked.share};
}

inline Packing pack_all(const Ground& ground, const std::vector<Asked>& all, const Node& node) {
  std::vector<Tenant> tenants;
  for (const Asked& asked : all) tenants.push_back(tenant_of(ground, asked));
  return pack(tenants, node);
}

inline Asked random_model(Random& random, const std::string& name) {
  Asked asked;
  asked.model = random.one_of<std::string>({"Qwen/Qwen2.5-7B-Instruct-AWQ", "Qwen/Qwen2.5-0.5B", "Qwen/Qwen3-8B",
                                            "TheBloke/Mistral-7B-v0.1-AWQ", "meta-llama/Llama-3.1-8B-Instruct",
                                            "TheBloke/deepseek-coder-33B-instruct-AWQ"});
  asked.name = name;
  asked.tensor = random.whole(0, 4) == 0 ? 2 : 1;
  if (asked.model == "Qwen/Qwen2.5-0.5B") asked.tensor = 1;
  if (random.whole(0, 3) > 0) asked.context = random.whole(256, 8192);
  if (random.coin()) asked.concurrency = random.whole(1, 16);
  return asked;
}

}  // namespace vw::test
