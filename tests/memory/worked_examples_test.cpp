// The worked examples of the specification, to the precision printed there.
#include "memory/vllm_lab.hpp"
#include "support/catch.hpp"

using namespace vw;
using namespace vw::test;

namespace {

vw_memory judged(const Request& request, const vw_candidate& candidate) {
  const Scenario scenario = scenario_of(request);
  return MemoryJudge(vllm_memory(), scenario).judge(candidate);
}

double weights_gib(const std::string& model, const std::string& gpu, std::uint32_t tensor) {
  return judged(request_for(model, gpu, tensor), on_gpus(tensor)).weights_bytes / gib;
}

}  // namespace

TEST_CASE("weights of one GPU are those of the start-up log", "[memory]") {
  CHECK(weights_gib("meta-llama/Llama-3.1-8B-Instruct", "h100-sxm5-80gb", 1) == Approx(14.99).margin(0.005));
  CHECK(weights_gib("meta-llama/Llama-3.3-70B-Instruct", "h100-sxm5-80gb", 4) == Approx(32.89).margin(0.01));
  CHECK(weights_gib("Qwen/Qwen3-30B-A3B", "h100-sxm5-80gb", 4) == Approx(14.2474).margin(0.01));
  CHECK(weights_gib("Qwen/Qwen2-7B-Instruct", "a100-sxm4-80gb", 1) == Approx(14.2488).margin(0.0005));
  CHECK(weights_gib("Qwen/Qwen2-7B-Instruct", "a100-sxm4-80gb", 2) == Approx(7.1217).margin(0.0005));
  CHECK(weights_gib("openai/gpt-oss-20b", "a100-sxm4-80gb", 1) == Approx(13.72).margin(0.05));
  CHECK(weights_gib("openai/gpt-oss-120b", "h100-sxm5-80gb", 1) == Approx(64.38).epsilon(0.005));
  CHECK(weights_gib("deepseek-ai/DeepSeek-V3", "h200-sxm-141gb", 8) == Approx(79.6).margin(0.4));
  // 51.2 without the rows that linear rope scaling adds: eight times the positions
  // (rotary_embedding/linear_scaling_rope.py)
  CHECK(weights_gib("google/gemma-3-27b-it", "h100-sxm5-80gb", 1) == Approx(51.2 + 0.22).margin(0.03));
}

TEST_CASE("bytes of the KV cache per token follow from heads, layers and kinds of attention", "[memory]") {
  const auto per_token = [](const std::string& model, const std::string& gpu, std::uint32_t tensor) {
    return judged(request_for(model, gpu, tensor), on_gpus(tensor)).kv_per_token_bytes;
  };
  CHECK(per_token("meta-llama/Llama-3.1-8B-Instruct", "h100-sxm5-80gb", 1) == 131072);
  CHECK(per_token("meta-llama/Llama-3.3-70B-Instruct", "h100-sxm5-80gb", 4) == 81920);
  CHECK(per_token("Qwen/Qwen3-30B-A3B", "h100-sxm5-80gb", 1) == 98304);
  CHECK(per_token("Qwen/Qwen3-30B-A3B", "h100-sxm5-80gb", 4) == 24576);
  CHECK(per_token("Qwen/Qwen3-30B-A3B", "h100-sxm5-80gb", 8) == 24576);       // a key-value head is replicated
  CHECK(per_token("deepseek-ai/DeepSeek-V3", "h200-sxm-141gb", 8) == 70272);  // latent: on every rank
  CHECK(per_token("google/gemma-3-27b-it", "h100-sxm5-80gb", 1) == 81920);    // its ten full layers
  CHECK(per_token("openai/gpt-oss-120b", "h100-sxm5-80gb", 1) == 36864);
}

TEST_CASE("blocks of windows and of whole sequences add up as in the log", "[memory]") {
  // a Gemma 3 of 27 B, 4096 tokens, 8192 of them in a step: 256 blocks of full layers, 6 x 257 of windows
  Request request = request_for("google/gemma-3-27b-it", "h200-sxm-141gb");
  request.vllm_version = "0.11";
  vw_candidate candidate = plain_candidate();
  candidate.context_tokens = 4096;
  candidate.max_batched_tokens = 8192;
  const vw_memory memory = judged(request, candidate);
  CHECK(memory.kv_sequence_bytes == 1310720.0 * (256 + 6 * 257));
}

TEST_CASE("attention blocks of a hybrid grow until a page holds a state", "[memory]") {
  Request request = request_for("Qwen/Qwen3-Next-80B-A3B-Instruct", "h200-sxm-141gb", 2);
  request.vllm_version = "0.10.2";
  const vw_memory memory = judged(request, on_gpus(2));
  CHECK(memory.block_tokens == 544);
}

TEST_CASE("a model that embeds runs no sampler, so that its activation peak is the forward pass", "[memory]") {
  Request request = request_for("Qwen/Qwen3-8B", "h100-sxm5-80gb");
  request.vllm_version = "0.12";
  const vw_memory chat = judged(request, plain_candidate());
  request.serving = {{"pooling", true}};
  const vw_memory embedding = judged(request, plain_candidate());
  CHECK(embedding.activation_bytes < 1.0 * gib);
  CHECK(chat.activation_bytes > 38 * 1024 * 151936.0);  // 38.4 bytes a logit, 1024 sequences
  CHECK(embedding.weights_bytes == chat.weights_bytes);
}

TEST_CASE("splits that vLLM refuses are refused, with the reason in words", "[memory]") {
  const Scenario scenario = scenario_of(request_for("Qwen/Qwen3-235B-A22B-FP8", "h100-sxm5-80gb", 8));
  MemoryJudge judge(vllm_memory(), scenario);
  CHECK(judge.judge(on_gpus(4)).verdict != VW_UNSUPPORTED);
  CHECK(judge.judge(on_gpus(8)).verdict == VW_UNSUPPORTED);
  CHECK(judge.explain(on_gpus(8)).at("warnings")[0] ==
        "vLLM refuses this split: experts_gate_up of 192 on each rank is no multiple of 128, the block of its scales");
}

TEST_CASE("experts that vLLM does not cut run whole on as many ranks", "[memory]") {
  const Scenario scenario = scenario_of(request_for("MiniMaxAI/MiniMax-M2.5", "h200-sxm-141gb", 8));
  MemoryJudge judge(vllm_memory(), scenario);
  vw_candidate candidate = on_gpus(8);
  CHECK(judge.judge(candidate).verdict == VW_UNSUPPORTED);
  candidate.flags |= VW_EXPERT_PARALLEL;
  candidate.expert_parallel = 8;
  CHECK(judge.judge(candidate).verdict == VW_FITS);
}
