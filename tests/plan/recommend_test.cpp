#include "support/catch.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::plan_with;
using test::sample_scenario;
using test::Units;

namespace {

Recommendation recommended(const Scenario& scenario, const Units& units = {}) {
  return plan_with(scenario, units).recommended;
}
std::string reason(const Scenario& scenario, const std::string& key, const Units& units = {}) {
  return recommended(scenario, units).reasons.at(key);
}

// On-the-fly fp8, then a checkpoint in 4 bit.
Scenario with_alternatives() {
  Scenario scenario = sample_scenario();
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  scenario.weights.push_back({test::plain_format("awq", 4), "org/sample-AWQ", ""});
  return scenario;
}

Scenario with_fp8_cache() {
  Scenario scenario = sample_scenario();
  scenario.kv_formats.push_back(test::kv_format("fp8", 8));
  return scenario;
}

}  // namespace

TEST_CASE("every value of the configuration that was chosen has a reason", "[plan]") {
  std::vector<std::string> keys;
  for (const auto& [key, text] : recommended(sample_scenario()).reasons) {
    keys.push_back(key);
    CHECK(text != "");
  }
  CHECK(keys == std::vector<std::string>{"dtype", "gpu_memory_utilization", "kv_cache_dtype", "max_model_len",
                                         "max_num_batched_tokens", "max_num_seqs", "quantization",
                                         "tensor_parallel_size"});
}

TEST_CASE("a KV cache that the checkpoint declares as fp8 stays its own", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.has_own_fp8_kv = true;
  CHECK(reason(scenario, "kv_cache_dtype", {.weights = 1, .per_token = 0.08}) == "fp8, as the checkpoint declares it");
}

TEST_CASE("what fits is not quantized", "[plan]") {
  CHECK(recommended(with_alternatives()).weights.format.id == "bf16");
  CHECK(reason(with_alternatives(), "quantization") == "fits without");
}

TEST_CASE("what does not fit takes the alternative with most bits that does", "[plan]") {
  const Units heavy{.weights = 100};
  const Recommendation best = recommended(with_alternatives(), heavy);
  CHECK(best.weights.format.id == "fp8");
  CHECK(best.weights.flag == "fp8");
  CHECK(best.candidate.format == 1);
  CHECK(fits(best.memory));
  CHECK(best.reasons.at("quantization") ==
        "16 bit does not fit: fp8 made at load time, 50.00 GiB of weights instead of 100.00 GiB");
  Scenario scenario = with_alternatives();
  scenario.weights.erase(scenario.weights.begin() + 1);
  CHECK(reason(scenario, "quantization", heavy) ==
        "16 bit does not fit: awq from the checkpoint org/sample-AWQ, 50.00 GiB of weights instead of 100.00 GiB");
}

TEST_CASE("when no alternative fits as asked, the smallest is taken and the reason says so", "[plan]") {
  const Recommendation best = recommended(with_alternatives(), Units{.weights = 1000});
  CHECK(best.reasons.at("quantization") ==
        "16 bit does not fit: awq from the checkpoint org/sample-AWQ, 500.00 GiB of weights instead of 1000.00 GiB; "
        "nothing "
        "smaller is offered, and it does not fit as asked either");
  CHECK(best.weights.checkpoint == "org/sample-AWQ");
  CHECK(reason(sample_scenario(), "quantization", Units{.weights = 1000}) ==
        "none: neither on-the-fly FP8 nor a quantized checkpoint of this model is known to work here");
}

TEST_CASE("an alternative that fits with a shorter context only gets the shorter context", "[plan]") {
  Scenario scenario = with_alternatives();
  scenario.request.max_model_len = 8192;
  const Recommendation best = recommended(scenario, Units{.weights = 100, .per_token = 0.01});
  CHECK(best.weights.format.id == "awq");
  CHECK(best.candidate.context_tokens == 4192);  // 42 GiB
  CHECK(fits(best.memory));
}

TEST_CASE("a format that was asked for or declared is kept", "[plan]") {
  Scenario scenario = sample_scenario();
  Format awq;
  awq.id = "awq";
  scenario.weights = {{awq, "", ""}};
  CHECK(reason(scenario, "quantization") == "as given");
  scenario.weights = {{awq, "org/sample-AWQ", ""}};
  CHECK(reason(scenario, "quantization") == "as given, served from org/sample-AWQ");
  scenario.weights = {{awq, "", ""}};
  scenario.model.declared_method = "awq";
  CHECK(reason(scenario, "quantization") == "the checkpoint is stored as awq");
}

TEST_CASE("an fp8 KV cache is recommended above 40 % pressure on cards that have it", "[plan]") {
  const Units roomy{.per_token = 0.004}, full{.per_token = 0.006};  // 8192 tokens: 36 % and 53 % of 92 GiB
  CHECK(recommended(with_fp8_cache(), roomy).kv_cache_dtype == "auto");
  CHECK(reason(with_fp8_cache(), "kv_cache_dtype", roomy) == "the KV cache needs 36 % of the budget, at most 40 %");
  const Recommendation best = recommended(with_fp8_cache(), full);
  CHECK(best.kv_cache_dtype == "fp8");
  CHECK(best.candidate.kv_format == 1);
  CHECK(best.reasons.at("kv_cache_dtype") == "the KV cache needs 53 % of the budget (above 40 %) and Lab 1 has FP8");
  CHECK(reason(sample_scenario(), "kv_cache_dtype", full) ==
        "the KV cache needs 53 % of the budget, but Lab 1 has no FP8");
  Scenario unknown = sample_scenario();
  unknown.hardware.gpu.compute_capability.reset();
  CHECK(reason(unknown, "kv_cache_dtype", full) ==
        "the KV cache needs 53 % of the budget, but Lab 1 is not known to have FP8");
}

TEST_CASE("a KV cache format that was given is kept where the release knows it", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.kv_formats = {test::kv_format("fp8", 8)};
  CHECK(recommended(scenario).kv_cache_dtype == "fp8");
  CHECK(reason(scenario, "kv_cache_dtype") == "as given");
}

TEST_CASE("what cannot run is replaced in the configuration, and that is judged", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.kv_formats = {test::kv_format("nvfp4", 4), test::automatic_kv(), test::kv_format("fp8", 8)};
  scenario.running_kv = 1;
  scenario.obstacles = {{"--kv-cache-dtype nvfp4", "is not known to vLLM 0.31", "--kv-cache-dtype auto", false}};
  const Plan plan = plan_with(scenario, Units{.per_token = 0.001});
  CHECK_FALSE(plan.fits());
  CHECK(plan.recommended.fits());
  CHECK(plan.recommended.candidate.kv_format == 1);
  CHECK(plan.recommended.kv_cache_dtype == "auto");
  CHECK(plan.recommended.reasons.at("kv_cache_dtype") == "nvfp4 does not run here");
  scenario = sample_scenario();
  scenario.request.dtype = "bf16";
  scenario.running_dtype = "fp16";
  scenario.running_weights = 1;
  scenario.weights.insert(scenario.weights.begin() + 1, {test::plain_format("fp16", 16), "", ""});
  scenario.obstacles = {{"--dtype bf16", "needs compute capability 8.0, Lab 1 has 7.5", "--dtype fp16", true}};
  const Recommendation best = recommended(scenario);
  CHECK(best.fits());
  CHECK(best.dtype == "fp16");
  CHECK(best.weights.format.id == "fp16");
  CHECK(best.reasons.at("dtype") == "bf16 does not run here");
  CHECK(best.reasons.at("quantization") == "fits without");
}

TEST_CASE("the context is the model's maximum, what was given, or what fits", "[plan]") {
  CHECK(recommended(sample_scenario()).candidate.context_tokens == 8192);
  CHECK(reason(sample_scenario(), "max_model_len") == "the model's maximum, 8,192 tokens");
  const Units tight{.weights = 80};
  CHECK(recommended(sample_scenario(), tight).candidate.context_tokens == 1200);
  CHECK(reason(sample_scenario(), "max_model_len", tight) ==
        "the largest that fits at concurrency 1; the model's maximum is 8,192 tokens");
  Scenario scenario = sample_scenario();
  scenario.request.max_model_len = 2048;
  CHECK(reason(scenario, "max_model_len") == "as given");
  const Recommendation reduced = recommended(scenario, tight);
  CHECK(reduced.candidate.context_tokens == 1200);
  CHECK(reduced.warnings ==
        std::vector<std::string>{"--max-model-len 2048 does not fit at concurrency 1: the configuration uses 1200"});
  const Recommendation hopeless = recommended(scenario, Units{.weights = 1000});
  CHECK(hopeless.candidate.context_tokens == 2048);
  CHECK(hopeless.reasons.at("max_model_len") == "nothing fits: kept as asked");
}

TEST_CASE("sequences are the concurrency plus what the mode adds", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.concurrency = 3;
  const auto sequences = [&](const std::string& mode) {
    scenario.request.batching_mode = mode;
    return recommended(scenario).candidate.max_sequences;
  };
  CHECK(sequences("throughput") == 7);
  CHECK(sequences("balanced") == 5);
  CHECK(sequences("latency") == 3);
  CHECK(reason(scenario, "max_num_seqs") == "concurrency 3 + 0 (latency mode)");
  scenario.request.max_num_seqs = 9;
  CHECK(recommended(scenario).candidate.max_sequences == 9);
  CHECK(reason(scenario, "max_num_seqs") == "as given");
}

TEST_CASE("there are never more sequences than batched tokens, which vLLM refuses", "[plan]") {
  Scenario scenario = sample_scenario();
  scenario.request.max_num_batched_tokens = 1;
  CHECK(recommended(scenario).candidate.max_sequences == 1);
  CHECK(recommended(scenario).warnings.empty());
  CHECK(reason(scenario, "max_num_seqs") == "concurrency 1 + 2 (balanced mode), at most one for each batched token");
  scenario.request.concurrency = 4;
  CHECK(recommended(scenario, Units{.per_token = 1e-6}).warnings ==
        std::vector<std::string>{"--max-num-batched-tokens 1 is less than the concurrency of 4: only so many sequences "
                                 "run at a time, the others wait"});
  scenario = sample_scenario();
  scenario.request.max_num_seqs = 50000;
  CHECK(recommended(scenario).candidate.max_batched_tokens == 50000);
  CHECK(reason(scenario, "max_num_batched_tokens") ==
        "one for each of max-num-seqs, which is more than usual on this card");
}

TEST_CASE("batched tokens are those in flight times the factor of the mode, within the limits of the card", "[plan]") {
  Scenario scenario = sample_scenario();
  const auto tokens = [&](std::int64_t concurrency, const std::string& mode) {
    scenario.request.concurrency = concurrency;
    scenario.request.batching_mode = mode;
    return recommended(scenario, Units{.per_token = 1e-6}).candidate.max_batched_tokens;
  };
  CHECK(tokens(1, "balanced") == 8192);
  CHECK(tokens(10, "balanced") == 12800);
  CHECK(tokens(10, "throughput") == 15360);
  CHECK(tokens(10, "latency") == 10240);
  CHECK(tokens(1000, "balanced") == 32768);  // a card of 24 GiB
  CHECK(reason(scenario, "max_num_batched_tokens", Units{.per_token = 1e-6}) ==
        "(1000 + 24) x 1000 x 1.25, at least 8192, at most 32768 on this card");
  scenario.hardware.memory_mib = 81920;
  CHECK(tokens(1000, "balanced") == 65536);
  scenario.request.max_num_batched_tokens = 2048;
  CHECK(tokens(1000, "balanced") == 2048);
  CHECK(reason(scenario, "max_num_batched_tokens", Units{.per_token = 1e-6}) == "as given");
}

TEST_CASE("the share of memory says where it comes from", "[plan]") {
  Scenario scenario = sample_scenario();
  CHECK(reason(scenario, "gpu_memory_utilization") == "default of vLLM 0.31");
  scenario.hardware.gpu.market = "consumer";
  CHECK(reason(scenario, "gpu_memory_utilization") ==
        "vLLM 0.31 defaults to 0.92; lowered, consumer cards also drive a display");
  scenario.request.gpu_memory_utilization = 0.7;
  CHECK(reason(scenario, "gpu_memory_utilization") == "as given");
  const Part part =
      test::memory_part([](const vw_candidate& c) { return test::by_units({}, c); }, {{"gpu_memory_utilization", 0.9}});
  CHECK(plan_with(sample_scenario(), part).recommended.reasons.at("gpu_memory_utilization") ==
        "the memory model's own default");
}

TEST_CASE("dtype and tensor parallel say where they come from", "[plan]") {
  Scenario scenario = sample_scenario();
  CHECK(reason(scenario, "dtype") == "the model's own");
  CHECK(reason(scenario, "tensor_parallel_size") ==
        "largest power of two up to 1 gpus that divides 8 attention heads (2 kv heads)");
  scenario.request.dtype = "half";
  scenario.request.tensor_parallel = 1;
  CHECK(reason(scenario, "dtype") == "as given");
  CHECK(reason(scenario, "tensor_parallel_size") == "as given");
}
