// What vLLM refuses of options, by release and model.
#include "facts/scenario.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

#include "support/catch.hpp"

#include <algorithm>

using namespace vw;
using test::shipped;

namespace {

Request about(const std::string& model) {
  Request request;
  request.model = model;
  request.gpu = "h100-sxm5-80gb";
  request.vllm_version = "0.21.0";
  return request;
}

Scenario gathered(const Request& request) { return gather(shipped().catalog(), shipped().defaults(), request); }

std::vector<std::string> warnings_of(const Request& request) { return gathered(request).warnings; }

using Lines = std::vector<std::string>;

// Every obstacle; none of them has a way out, and each is told as a warning, too.
Lines obstacles_of(const Request& request) {
  const Scenario scenario = gathered(request);
  Lines lines;
  for (const Obstacle& obstacle : scenario.obstacles) {
    lines.push_back(obstacle.what + " " + obstacle.why);
    CHECK(obstacle.mend.empty());
  }
  for (const std::string& line : lines)
    CHECK(std::find(scenario.warnings.begin(), scenario.warnings.end(), line) != scenario.warnings.end());
  return lines;
}

Request with_serving(const std::string& model, const std::string& version, Json serving) {
  Request request = about(model);
  request.vllm_version = version;
  request.serving = std::move(serving);
  return request;
}

Json drafting(const std::string& method) { return {{"speculative", {{"method", method}, {"tokens", 1}}}}; }

const char* const llama = "meta-llama/Llama-3.1-8B-Instruct";

}  // namespace

TEST_CASE("a block size that vLLM refuses is not supported", "[facts]") {
  Request request = about(llama);
  for (const std::int64_t size : {1, 7, 8}) {
    request.block_size = size;
    CHECK(obstacles_of(request) ==
          Lines{"--block-size " + std::to_string(size) + " is refused by vLLM 0.21.0, expected 16, 32, 64, 128, 256"});
  }
  request.block_size = 32;
  CHECK(warnings_of(request).empty());
}

TEST_CASE("an adapter rank that vLLM refuses is not supported", "[facts]") {
  Request request = about(llama);
  request.serving = {{"lora", {{"slots", 1}, {"rank", 7}}}};
  CHECK(obstacles_of(request) == Lines{"--max-lora-rank 7 is refused by vLLM 0.21.0, expected 1, 8, 16, 32, 64, 128, "
                                       "256, 320, 512"});
  request.serving["lora"]["rank"] = 64;
  CHECK(warnings_of(request).empty());
}

TEST_CASE("MTP of a model that is not known to have such layers is not supported, and says how to teach it",
          "[facts]") {
  CHECK(obstacles_of(with_serving(llama, "0.21.0", drafting("mtp"))) ==
        Lines{"--spec-method mtp needs layers that predict several tokens, and none of "
              "'meta-llama/Llama-3.1-8B-Instruct' are known (where the checkpoint has them, its family teaches them: "
              "B.mtp_layers in scripts/families/llama.lua)"});
  CHECK(warnings_of(with_serving("deepseek-ai/DeepSeek-V3", "0.21.0", drafting("mtp"))).empty());
}

TEST_CASE("an option that the release lacks is not supported", "[facts]") {
  CHECK(obstacles_of(with_serving("Qwen/Qwen2.5-VL-7B-Instruct", "0.10.0", {{"language_model_only", true}})) ==
        Lines{"--language-model-only is not known to vLLM 0.10.0"});
  CHECK(obstacles_of(with_serving(llama, "0.9.1", {{"kv_cache_memory_bytes", 3000000000}})) ==
        Lines{"--kv-cache-memory-bytes is not known to vLLM 0.9.1"});
  CHECK(obstacles_of(with_serving(llama, "0.9.1", {{"async_scheduling", true}, {"performance_mode", "throughput"}})) ==
        Lines{"--async-scheduling is not known to vLLM 0.9.1", "--performance-mode is not known to vLLM 0.9.1"});
  Request copies = about(llama);
  copies.vllm_version = "0.8.0";
  copies.gpus = copies.data_parallel = 2;
  CHECK(obstacles_of(copies) == Lines{"--data-parallel-size is not known to vLLM 0.8.0"});
}

TEST_CASE("what only repeats the default of a release, or is said through the environment, needs no flag", "[facts]") {
  const Json defaults = {{"async_scheduling", false},
                         {"performance_mode", "balanced"},
                         {"mm_encoder_tp_mode", "weights"},
                         {"language_model_only", false},
                         {"disable_hybrid_kv_cache_manager", true}};
  CHECK(obstacles_of(with_serving(llama, "0.9.1", defaults)).empty());
  CHECK(obstacles_of(with_serving(llama, "0.9.1", {{"runner", "v1"}, {"pipeline_layers", {16, 16}}})).empty());
  CHECK(obstacles_of(with_serving(llama, "0.21.0", {{"async_scheduling", false}})).empty());
}

TEST_CASE("a speculative method that the release lacks is not supported", "[facts]") {
  const Json suffix = drafting("suffix");
  CHECK(obstacles_of(with_serving(llama, "0.11.0", suffix)) ==
        Lines{"--spec-method suffix is not known to vLLM 0.11.0"});
  CHECK(obstacles_of(with_serving(llama, "0.12.0", suffix)).empty());
  Json draft = drafting("draft");
  draft["speculative"]["model"] = "meta-llama/Llama-3.2-1B-Instruct";
  CHECK(obstacles_of(with_serving(llama, "0.10.0", draft)) == Lines{"--spec-method draft is not known to vLLM 0.10.0"});
  CHECK(obstacles_of(with_serving(llama, "0.8.0", draft)).empty());
  CHECK(obstacles_of(with_serving(llama, "0.31", draft)).empty());
}

TEST_CASE("MTP goes by the older name of the release, where the model has one", "[facts]") {
  const auto method_of = [](const Scenario& scenario) {
    return scenario.request.serving.at("speculative").at("method").get<std::string>();
  };
  const Scenario older = gathered(with_serving("deepseek-ai/DeepSeek-V3", "0.10.0", drafting("mtp")));
  CHECK(older.obstacles.empty());
  CHECK(method_of(older) == "deepseek_mtp");
  CHECK(older.serving.at("speculative").at("method") == "mtp");
  CHECK(method_of(gathered(with_serving("deepseek-ai/DeepSeek-V3", "0.11.0", drafting("mtp")))) == "mtp");
  CHECK(obstacles_of(with_serving("Qwen/Qwen3-Next-80B-A3B-Instruct", "0.10.0", drafting("mtp"))).front() ==
        "--spec-method mtp is not known to vLLM 0.10.0");
}

TEST_CASE("an architecture that the release is not known to have is refused", "[facts]") {
  const auto refusals = [](const std::string& model, const std::string& version) {
    return obstacles_of(with_serving(model, version, Json::object()));
  };
  CHECK(refusals("openai/gpt-oss-20b", "0.9.1") ==
        Lines{"GptOssForCausalLM is not known to vLLM 0.9.1: added in 0.10.1, as far as is known here"});
  CHECK(refusals("openai/gpt-oss-20b", "0.10.1").empty());
  CHECK(refusals("meta-llama/Llama-3.2-11B-Vision-Instruct", "0.10.2").empty());
  CHECK(
      refusals("meta-llama/Llama-3.2-11B-Vision-Instruct", "0.11.0") ==
      Lines{"MllamaForConditionalGeneration is not known to vLLM 0.11.0: removed in 0.11.0, as far as is known here"});
}

TEST_CASE("lengths that were given and that no context holds are refused, usual ones are not", "[facts]") {
  Request request = about("Qwen/Qwen3-8B");
  const auto refusal = [&] { return test::message_of([&] { gathered(request); }); };
  request.max_model_len = 512;
  CHECK(refusal() == "nothing was thrown");
  request.prompt_tokens = 8000;
  CHECK(refusal() ==
        "--prompt-tokens: 8000 and 256 generated are more than --max-model-len 512, expected a request "
        "that its context holds");
  request.max_model_len.reset();
  CHECK(refusal() == "nothing was thrown");
  request.prompt_tokens = 50000;
  CHECK(refusal() ==
        "--prompt-tokens: 50000 and 256 generated are more than the model's 40960, expected a request "
        "that its context holds");
}

TEST_CASE("sparse latent attention needs a Hopper or Blackwell data-centre card", "[facts]") {
  Request request = about("deepseek-ai/DeepSeek-V3.2");
  const std::string why = " (sparse latent attention has kernels for Hopper and Blackwell data-centre cards only)";
  request.gpu = "a100-sxm4-80gb";
  CHECK(obstacles_of(request) ==
        Lines{"DeepseekV32ForCausalLM needs compute capability 9.0, NVIDIA A100 SXM4 80GB has 8.0" + why});
  request.gpu = "RTX PRO 6000 Blackwell Server Edition";
  CHECK(obstacles_of(request) == Lines{"DeepseekV32ForCausalLM needs a compute capability below 11.0, NVIDIA RTX PRO "
                                       "6000 Blackwell Server Edition has 12.0" +
                                       why});
  for (const char* card : {"H200", "B200", "B300", "MI300X"}) {
    request.gpu = card;
    CHECK(gathered(request).obstacles.empty());
  }
  request.gpu = "a100-sxm4-80gb";
  request.model = "deepseek-ai/DeepSeek-V3";
  CHECK(gathered(request).model.needs.obstacle(gathered(request).hardware.gpu).empty());
}

TEST_CASE("expert parallelism of a model without experts is not supported", "[facts]") {
  Request request = about(llama);
  request.enable_expert_parallel = true;
  CHECK(obstacles_of(request) == Lines{"--enable-expert-parallel is refused by vLLM for a model without experts, as "
                                       "'meta-llama/Llama-3.1-8B-Instruct' is"});
  request.model = "Qwen/Qwen3-30B-A3B";
  CHECK(obstacles_of(request).empty());
}

TEST_CASE("weights that all lie in host memory are warned of, with the memory that they take there", "[facts]") {
  Request request = with_serving(llama, "0.21.0", {{"cpu_offload_gib", 8}});
  CHECK(warnings_of(request).empty());
  request.gpus = 2;
  CHECK(warnings_of(request) == Lines{"--cpu-offload-gb 8 keeps all weights in host memory, which takes 14.96 GiB of "
                                      "it, and every step reads them from there"});
  request.gpus = 4;
  request.data_parallel = 2;
  CHECK(warnings_of(request) == Lines{"--cpu-offload-gb 8 keeps all weights in host memory, which takes 29.92 GiB of "
                                      "it, and every step reads them from there"});
}

TEST_CASE("an fp8 KV cache that the checkpoint brings is told of a card that is not known to run it", "[facts]") {
  Request request = about("Qwen/Qwen3-32B-FP8-Static-PerTensor");
  CHECK(gathered(request).has_own_fp8_kv);
  CHECK(gathered(request).smaller_kv() == std::nullopt);
  CHECK(warnings_of(request).empty());
  request.gpu = "a100-sxm4-80gb";
  CHECK(warnings_of(request) ==
        Lines{"the checkpoint declares an fp8 KV cache, which vLLM 0.21.0 takes unless told otherwise, and fp8 needs "
              "compute capability 8.9, NVIDIA A100 SXM4 80GB has 8.0 (the fp8 KV cache needs fp8 conversion in "
              "hardware: 8.9 and up, MI300 and up): --kv-cache-dtype bf16 where the server refuses it"});
  request.kv_cache_dtype = "bf16";
  CHECK(warnings_of(request).empty());
  request.kv_cache_dtype = "auto";
  request.vllm_version = "0.18.0";
  CHECK_FALSE(gathered(request).has_own_fp8_kv);
}

TEST_CASE("a draft model with another vocabulary is refused", "[facts]") {
  Request request = about(llama);
  request.serving = {{"speculative", {{"method", "draft"}, {"tokens", 3}, {"model", "Qwen/Qwen3-0.6B"}}}};
  CHECK(test::message_of([&] { warnings_of(request); }) ==
        "--spec-model: has a vocabulary of 151936 tokens, which vLLM refuses beside the 128256 of "
        "meta-llama/Llama-3.1-8B-Instruct, expected a draft model with the same");
  request.serving["speculative"]["model"] = "meta-llama/Llama-3.2-1B-Instruct";
  CHECK(warnings_of(request).empty());
}
