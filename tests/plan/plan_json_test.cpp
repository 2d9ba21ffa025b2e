// The stable JSON of a plan: every key that users are promised, and what it holds.
#include "support/catch.hpp"
#include "support/plan_lab.hpp"

#include <set>

using namespace vw;
using test::sample_scenario;
using test::Units;

namespace {

Json json_of(const Scenario& scenario, const Part& memory_model) {
  return to_json(scenario, test::plan_with(scenario, memory_model), "fake", "fast");
}
Json json_of(const Scenario& scenario, const Units& units = {}) { return json_of(scenario, test::memory_part(units)); }

void expect_keys(const Json& object, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    INFO(key);
    CHECK(object.contains(key));
  }
}

// A memory model that looks at one GPU and knows its parts, in GiB.
vw_memory in_parts(const vw_candidate& candidate) {
  constexpr double gib = 1073741824.0;
  vw_memory memory{};
  memory.verdict = VW_FITS;
  memory.starts = VW_YES;
  memory.survives = VW_NO;
  memory.total_bytes = 24 * gib;
  memory.capacity_bytes = 22 * gib;
  memory.weights_bytes = 8 * gib;
  memory.overhead_bytes = 2 * gib;
  memory.activation_bytes = 1 * gib;
  memory.non_torch_bytes = 0.5 * gib;
  memory.cuda_graph_bytes = 0.25 * gib;
  memory.kv_available_bytes = 10 * gib;
  memory.kv_required_bytes = 6 * gib;
  memory.kv_sequence_bytes = 6 * gib;
  memory.kv_per_token_bytes = 65536;
  memory.kv_blocks = 1000;
  memory.kv_tokens = 16000;
  memory.block_tokens = 16;
  memory.headroom_bytes = 4 * gib;
  memory.max_concurrency = 1.66;
  memory.max_context_tokens = static_cast<double>(candidate.context_tokens);
  return memory;
}

// Every number below, however deep.
void expect_finite(const Json& json) {
  if (json.is_number()) CHECK(std::isfinite(json.get<double>()));
  if (json.is_structured())
    for (const Json& member : json) expect_finite(member);
}

}  // namespace

TEST_CASE("a plan has every key that is promised", "[plan]") {
  const Json json = json_of(sample_scenario());
  expect_keys(json, {"schema", "model", "hardware", "feasibility", "memory", "config", "performance", "advice", "terms",
                     "warnings", "vllm_version", "release"});
  CHECK(json.at("schema") == "vllm-wizard/plan/1");
  expect_keys(json.at("model"), {"id",
                                 "source",
                                 "family",
                                 "params",
                                 "active_params",
                                 "weights_bytes",
                                 "quantization",
                                 "dtype",
                                 "layers",
                                 "hidden_size",
                                 "max_context_tokens",
                                 "model_dtype",
                                 "attention_heads",
                                 "kv_heads",
                                 "head_dim",
                                 "vocab_size",
                                 "params_b",
                                 "active_params_b",
                                 "params_basis",
                                 "location",
                                 "notes"});
  expect_keys(json.at("hardware"),
              {"gpu", "gpus", "nodes", "vram_mib", "compute_capability", "interconnect", "detected", "gpu_id",
               "gpu_name", "link", "architecture", "total_gpus", "vram_gib", "memory_bandwidth_gb_s"});
  expect_keys(json.at("feasibility"),
              {"fits", "oom_risk", "vram_total_gb", "vram_target_alloc_gb", "weights_gb", "kv_cache_gb", "overhead_gb",
               "headroom_gb", "shortfall_gb", "starts", "survives", "tight", "max_concurrency_at_context",
               "max_context_at_concurrency", "warnings"});
  expect_keys(json.at("memory"), {"model", "per_gpu", "intervals", "kv_bytes_per_token", "block_size",
                                  "kv_cache_blocks", "kv_cache_tokens", "max_concurrency"});
  expect_keys(json.at("config"), {"model",
                                  "tensor_parallel_size",
                                  "pipeline_parallel_size",
                                  "data_parallel_size",
                                  "dtype",
                                  "gpu_memory_utilization",
                                  "max_model_len",
                                  "kv_cache_dtype",
                                  "quantization",
                                  "max_num_seqs",
                                  "max_num_batched_tokens",
                                  "enforce_eager",
                                  "trust_remote_code",
                                  "explanations",
                                  "prompt_tokens",
                                  "gen_tokens",
                                  "concurrency",
                                  "nodes",
                                  "gpus_per_node",
                                  "block_size",
                                  "enable_expert_parallel",
                                  "tokenizer",
                                  "revision",
                                  "vllm_args"});
  expect_keys(json.at("performance"),
              {"model", "decode_toks_per_s_range", "prefill_toks_per_s_range", "ttft_ms_range", "ttft_ms", "tpot_ms",
               "output_tokens_per_s", "requests_per_s", "bottleneck", "assumptions"});
  expect_finite(json);
}

TEST_CASE("what was judged stands under feasibility, what would run under config", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 8192;
  const Json json = json_of(scenario, Units{.weights = 60});
  CHECK(json.at("feasibility").at("fits") == false);
  CHECK(json.at("feasibility").at("context_tokens") == 8192);
  CHECK(json.at("config").at("max_model_len") == 3200);  // 32 GiB
  CHECK(json.at("recommended").at("fits") == true);
  CHECK(json.at("recommended").at("context_tokens") == 3200);
  CHECK(json.at("advice").size() > 0);
  CHECK(json.at("advice").at(0) == Json{{"change", "--max-model-len 3200"},
                                        {"effect", "the longest context at concurrency 1"},
                                        {"fits", true},
                                        {"headroom_gb", json.at("advice").at(0).at("headroom_gb")},
                                        {"group_gpus", 1},
                                        {"context_tokens", nullptr},
                                        {"max_concurrency", nullptr}});
}

TEST_CASE("headroom is never negative: what is missing is the shortfall", "[plan]") {
  const Json fits = json_of(sample_scenario()).at("feasibility");
  CHECK(fits.at("headroom_gb").get<double>() == Approx(0.08));  // 92 - 10 - 81.92
  CHECK(fits.at("shortfall_gb") == 0);
  CHECK(fits.at("oom_risk") == "medium");
  const Json lacks = json_of(sample_scenario(), Units{.weights = 100}).at("feasibility");
  CHECK(lacks.at("headroom_gb") == 0);
  CHECK(lacks.at("shortfall_gb").get<double>() == Approx(18.24));  // 100 + 10.24 - 92
  CHECK(lacks.at("oom_risk") == "high");
  CHECK(lacks.at("reason") == "weights-exceed-capacity");
  CHECK(json_of(sample_scenario(), Units{.per_token = 0.001}).at("feasibility").at("oom_risk") == "low");
}

TEST_CASE("sizes in gb are sums over the group, those per gpu are of the fullest", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.hardware.gpus_per_node = 2;
  const Json json = json_of(scenario, test::memory_part(in_parts));
  CHECK(json.at("feasibility").at("weights_gb") == 16);
  CHECK(json.at("feasibility").at("vram_total_gb") == 48);
  CHECK(json.at("feasibility").at("headroom_gb") == 8);
  CHECK(json.at("memory").at("per_gpu") == Json{{"total_gib", 24.0},
                                                {"budget_gib", 22.0},
                                                {"weights_gib", 8.0},
                                                {"activation_gib", 1.0},
                                                {"non_torch_gib", 0.5},
                                                {"cuda_graph_gib", 0.25},
                                                {"kv_cache_available_gib", 10.0},
                                                {"kv_cache_required_gib", 6.0}});
  CHECK(json.at("memory").at("kv_cache_blocks") == 1000);
  CHECK(json.at("memory").at("kv_cache_tokens") == 16000);
  CHECK(json.at("memory").at("block_size") == 16);
  CHECK(json.at("memory").at("kv_bytes_per_token") == 65536);
  CHECK(json.at("memory").at("max_concurrency") == 1.66);
  CHECK(json.at("feasibility").at("starts") == true);
  CHECK(json.at("feasibility").at("survives") == false);
}

TEST_CASE("a model of the whole group has nothing to say of one gpu", "[plan]") {
  const Json json = json_of(sample_scenario());
  CHECK(json.at("memory").at("per_gpu").is_null());
  CHECK(json.at("memory").at("kv_cache_blocks").is_null());
  CHECK(json.at("feasibility").at("starts").is_null());
  CHECK(json.at("memory").at("model") == "fake");
  CHECK(json.at("performance").at("model") == "fast");
}

TEST_CASE("the configuration names what is served, with its flags", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.revision = "abc";
  scenario.weights.push_back({test::plain_format("awq", 4), "org/sample-AWQ", ""});
  scenario.weights.back().format.dtype = "";
  const Json kept = json_of(scenario).at("config");
  CHECK(kept.at("model") == "org/sample");
  CHECK(kept.at("revision") == "abc");
  CHECK(kept.at("quantization").is_null());
  CHECK(kept.at("dtype") == "auto");
  const Json replaced = json_of(scenario, Units{.weights = 100}).at("config");
  CHECK(replaced.at("model") == "org/sample-AWQ");
  CHECK(replaced.at("revision").is_null());  // of another repository
  CHECK(replaced.at("quantization") == "awq");
  CHECK(replaced.at("quantization_flag").is_null());
}

TEST_CASE("nothing is named to be served where no checkpoint of the format is known", "[plan]") {
  Scenario scenario = sample_scenario();
  CHECK(json_of(scenario).at("config").at("missing_checkpoint").is_null());
  scenario.weights.front() = {test::plain_format("gptq", 4), "", "", true};
  scenario.weights.front().format.dtype = "";
  const Json json = json_of(scenario);
  CHECK(json.at("config").at("model").is_null());
  CHECK(json.at("config").at("missing_checkpoint") == "gptq");
  CHECK(json.at("config").at("explanations").at("quantization") ==
        "as given, but no checkpoint of this format is known");
  CHECK(json.at("model").at("id") == "org/sample");
}

TEST_CASE("what was judged and what is recommended can be compared key by key", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.kv_formats.push_back(test::kv_format("fp8", 8));
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  const Json json = json_of(scenario, Units{.weights = 100, .per_token = 0.006});
  const auto compared = [&](const char* section) {
    const Json& all = json.at(section);
    return Json{all.at("context_tokens"), all.at("weights_format"), all.at("kv_cache_format"), all.at("dtype"),
                all.at("gpu_memory_utilization")};
  };
  CHECK(compared("feasibility") == Json{1024, "bf16", "auto", "bf16", 0.92});
  CHECK(compared("recommended") == Json{6992, "fp8", "auto", "bf16", 0.92});
}

TEST_CASE("what cannot run here is said with the reason, and what runs instead", "[plan]") {
  Scenario scenario = sample_scenario();
  CHECK(json_of(scenario).at("feasibility").at("obstacles") == Json::array());
  scenario.running_dtype = "fp16";
  scenario.running_weights = 1;
  scenario.request.dtype = "bf16";
  scenario.weights.push_back({test::plain_format("fp16", 16), "", ""});
  scenario.obstacles = {{"--dtype bf16", "needs compute capability 8.0, Lab 1 has 7.5", "--dtype fp16", true}};
  const Json json = json_of(scenario);
  CHECK(json.at("feasibility").at("fits") == false);
  CHECK(json.at("feasibility").at("reason") == "format-needs-newer-gpu");
  CHECK(json.at("feasibility").at("obstacles") == Json::array({{{"what", "--dtype bf16"},
                                                                {"why", "needs compute capability 8.0, Lab 1 has 7.5"},
                                                                {"instead", "--dtype fp16"}}}));
  CHECK(json.at("recommended").at("fits") == true);
  CHECK(json.at("config").at("dtype") == "float16");
  scenario.obstacles = {{"--kv-cache-dtype fp8", "is not known to vLLM 0.31", "--kv-cache-dtype auto", false}};
  CHECK(json_of(scenario).at("feasibility").at("reason") == "other");
  scenario.obstacles = {{"a checkpoint stored as tiny", "needs more", "", true}};
  const Json hopeless = json_of(scenario);
  CHECK(hopeless.at("recommended").at("fits") == false);
  CHECK(hopeless.at("recommended").at("reason") == "format-needs-newer-gpu");
}

TEST_CASE("a plan does not repeat the request: its config and the profile hold it", "[plan]") {
  CHECK_FALSE(json_of(sample_scenario()).contains("request"));
}

TEST_CASE("a dtype that was given is passed on in vLLM's spelling", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.dtype = "half";
  scenario.dtype = scenario.running_dtype = "fp16";
  scenario.weights = {{test::plain_format("fp16", 16), "", ""}};
  scenario.weights.front().format.dtype = "float16";
  CHECK(json_of(scenario).at("config").at("dtype") == "float16");
  // ... also beside a quantized checkpoint, whose format has no dtype of its own
  scenario.weights.front().format = test::plain_format("awq", 4);
  scenario.weights.front().format.dtype = "";
  CHECK(json_of(scenario).at("config").at("dtype") == "float16");
}

TEST_CASE("estimates of speed are ranges, absent ones null", "[plan]") {
  const Json speed = json_of(sample_scenario()).at("performance");
  CHECK(speed.at("ttft_ms") == 1000);
  CHECK(speed.at("ttft_ms_range") == Json{1000.0, 1000.0});
  CHECK(speed.at("decode_toks_per_s_range") == Json{50.0, 50.0});
  CHECK(speed.at("requests_per_s").is_null());
  CHECK(speed.at("bottleneck").is_null());
}

TEST_CASE("the same plan is the same text", "[plan]") {
  CHECK(json_of(sample_scenario()).dump() == json_of(sample_scenario()).dump());
}
