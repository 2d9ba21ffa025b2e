// The numbers that the first vllm_wizard (Python) asserts, through the command line, to the byte.
#include "support/run_cli.hpp"

#include "base/json_reader.hpp"

#include <algorithm>
#include <cmath>

using namespace vw;
using namespace vw::test;

namespace {

constexpr double gib = 1073741824.0;
using Words = std::vector<std::string>;

std::string config(int kv_heads) {
  return R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 4096,
    "intermediate_size": 11008,
    "num_hidden_layers": 32, "num_attention_heads": 32, "num_key_value_heads": )" +
         std::to_string(kv_heads) +
         R"(, "max_position_embeddings": 4096, "vocab_size": 32000, "torch_dtype": "float16"})";
}

// The feasibility of a 7.0 B model at 4,096 tokens on one 80 GiB card, with these options added.
Json feasibility(const Words& options, int kv_heads = 32) {
  const Cli cli;
  cli.put("model/config.json", config(kv_heads));
  Words words = {"plan",         "-m",      "model",  "--params-b",      "7",   "--memory-model", "classic",
                 "--perf-model", "classic", "--json", "--max-model-len", "4096"};
  const auto has = [&](const char* name) { return std::find(options.begin(), options.end(), name) != options.end(); };
  if (!has("--dtype")) words.insert(words.end(), {"--dtype", "fp16"});
  if (!has("--vram-gb")) words.insert(words.end(), {"--vram-gb", "80"});
  if (!has("--fragmentation-factor")) words.insert(words.end(), {"--fragmentation-factor", "1.0"});
  words.insert(words.end(), options.begin(), options.end());
  const Ran ran = cli.run(words);
  INFO(ran.err);
  REQUIRE(ran.exit_code <= 1);
  return parse_json(ran.out, "plan").at("feasibility");
}

double bytes_of(const Json& feasibility, const char* key) { return feasibility.at(key).get<double>() * gib; }

}  // namespace

TEST_CASE("7.0 B parameters weigh what their format says", "[cli]") {
  CHECK(bytes_of(feasibility({"--dtype", "fp16"}), "weights_gb") == 14e9);
  CHECK(bytes_of(feasibility({"--dtype", "bf16"}), "weights_gb") == 14e9);
  CHECK(bytes_of(feasibility({"--dtype", "fp32"}), "weights_gb") == 28e9);
  CHECK(bytes_of(feasibility({"-q", "int8"}), "weights_gb") == 7e9);
  CHECK(bytes_of(feasibility({"-q", "awq"}), "weights_gb") == 3.85e9);
  CHECK(bytes_of(feasibility({"-q", "gptq"}), "weights_gb") == 3.85e9);
}

TEST_CASE("the KV cache of 4,096 tokens follows from heads, layers, format and users", "[cli]") {
  constexpr double all_heads = 2147483648.0, eight_heads = 536870912.0;
  CHECK(bytes_of(feasibility({}), "kv_cache_gb") == all_heads);
  CHECK(bytes_of(feasibility({}, 8), "kv_cache_gb") == eight_heads);
  CHECK(bytes_of(feasibility({"--kv-cache-dtype", "fp8"}), "kv_cache_gb") == all_heads / 2);
  CHECK(bytes_of(feasibility({"--kv-cache-dtype", "fp8"}, 8), "kv_cache_gb") == eight_heads / 2);
  CHECK(bytes_of(feasibility({"--kv-cache-dtype", "fp8_e5m2"}), "kv_cache_gb") == all_heads / 2);
  CHECK(bytes_of(feasibility({"-c", "4"}), "kv_cache_gb") == 4 * all_heads);
  CHECK(bytes_of(feasibility({"--fragmentation-factor", "1.15"}), "kv_cache_gb") == std::floor(all_heads * 1.15));
  CHECK(bytes_of(feasibility({"--fragmentation-factor", "1.15"}, 8), "kv_cache_gb") == std::floor(eight_heads * 1.15));
}

TEST_CASE("the KV cache in auto takes the dtype of the weights", "[cli]") {
  CHECK(bytes_of(feasibility({"--dtype", "fp32"}), "kv_cache_gb") == 2 * 2147483648.0);
  CHECK(bytes_of(feasibility({"--dtype", "auto"}), "kv_cache_gb") == 2147483648.0);
  CHECK(bytes_of(feasibility({"-q", "int8"}), "kv_cache_gb") == 2147483648.0);
}

TEST_CASE("the overhead follows from the memory and the tensor-parallel size", "[cli]") {
  CHECK(bytes_of(feasibility({"--vram-gb", "24"}), "overhead_gb") == 1.0 * gib);
  CHECK(bytes_of(feasibility({"--vram-gb", "80"}), "overhead_gb") == std::floor(1.6 * gib));
  CHECK(bytes_of(feasibility({"--vram-gb", "24", "--tp", "2"}), "overhead_gb") == 1.25 * gib);
  CHECK(bytes_of(feasibility({"--vram-gb", "24", "--overhead-gb", "2.5"}), "overhead_gb") == 2.5 * gib);
}

TEST_CASE("usable memory, headroom and both limits follow from the components", "[cli]") {
  const Json found = feasibility({"--vram-gb", "24"});
  const double usable = std::floor(24 * gib * 0.9), free = usable - 14e9 - gib;
  CHECK(bytes_of(found, "vram_total_gb") == 24 * gib);
  CHECK(bytes_of(found, "vram_target_alloc_gb") == usable);
  CHECK(bytes_of(found, "headroom_gb") == free - 2147483648.0);
  CHECK(bytes_of(found, "shortfall_gb") == 0);
  CHECK(found.at("max_concurrency_at_context") == std::floor(free / 2147483648.0));
  CHECK(found.at("max_context_at_concurrency") == std::floor(free / 524288.0));
  CHECK(found.at("fits") == true);
  CHECK(found.at("oom_risk") == "low");
}

TEST_CASE("what does not fit has a shortfall, no negative headroom and high risk", "[cli]") {
  const Json found = feasibility({"--vram-gb", "12"});
  CHECK(found.at("fits") == false);
  CHECK(found.at("headroom_gb") == 0);
  CHECK(bytes_of(found, "shortfall_gb") == 14e9 + gib + 2147483648.0 - std::floor(12 * gib * 0.9));
  CHECK(found.at("oom_risk") == "high");
  CHECK(found.at("max_concurrency_at_context") == 0);
  CHECK(found.at("max_context_at_concurrency") == 0);
}

TEST_CASE("with tensor parallelism every component is a sum over the group", "[cli]") {
  const Json one = feasibility({"--vram-gb", "24"}), two = feasibility({"--vram-gb", "24", "--tp", "2"});
  CHECK(two.at("weights_gb") == one.at("weights_gb"));
  CHECK(two.at("kv_cache_gb") == one.at("kv_cache_gb"));
  CHECK(bytes_of(two, "vram_target_alloc_gb") == std::floor(48 * gib * 0.9));
}
