// What must hold for every model of the catalogue, on cards of all kinds.
#include "memory/vllm_lab.hpp"
#include "support/catch.hpp"

#include <cmath>

using namespace vw;
using namespace vw::test;

namespace {

const std::vector<std::string>& sample_models() {
  static const std::vector<std::string> models = {"meta-llama/Llama-3.1-8B-Instruct",
                                                  "mistralai/Mixtral-8x7B-Instruct-v0.1",
                                                  "deepseek-ai/DeepSeek-V3",
                                                  "google/gemma-3-27b-it",
                                                  "openai/gpt-oss-120b",
                                                  "Qwen/Qwen3-Next-80B-A3B-Instruct",
                                                  "Qwen/Qwen2.5-VL-7B-Instruct",
                                                  "ai21labs/AI21-Jamba2-Mini"};
  return models;
}

void check_numbers(const vw_memory& memory) {
  for (const double value : {memory.weights_bytes, memory.activation_bytes, memory.non_torch_bytes,
                             memory.cuda_graph_bytes, memory.kv_available_bytes, memory.kv_required_bytes,
                             memory.kv_sequence_bytes, memory.kv_blocks, memory.kv_tokens, memory.max_concurrency,
                             memory.max_context_tokens, memory.total_bytes, memory.capacity_bytes}) {
    REQUIRE(std::isfinite(value));
    REQUIRE(value >= 0);
  }
  REQUIRE(memory.weights_low_bytes <= memory.weights_bytes);
  REQUIRE(memory.weights_bytes <= memory.weights_high_bytes);
  REQUIRE(memory.activation_low_bytes <= memory.activation_bytes);
  REQUIRE(memory.activation_bytes <= memory.activation_high_bytes);
  REQUIRE(memory.kv_available_low_bytes <= memory.kv_available_bytes);
  REQUIRE(memory.kv_available_bytes <= memory.kv_available_high_bytes);
}

}  // namespace

TEST_CASE("numbers of every catalogue model are finite, not negative, and inside their intervals", "[memory]") {
  std::vector<Hardware> cards;
  for (const char* gpu : {"h100-sxm5-80gb", "rtx-4090", "mi300x", "b200"})
    cards.push_back(scenario_of(request_for("meta-llama/Llama-3.1-8B-Instruct", gpu, 8)).hardware);
  const auto& catalog = test::shipped().catalog();
  std::size_t planned = 0;
  for (const std::string& organisation : catalog.ids(table_kind::models)) {
    const Json entries = catalog.table(table_kind::models, organisation)->at("entries");
    for (const Json& entry : entries) {
      Scenario scenario;
      try {
        scenario = scenario_of(request_for(entry.at("id"), "h100-sxm5-80gb", 8));
      } catch (const Error&) {
        continue;  // architectures that no family knows
      }
      for (const Hardware& card : cards) {
        scenario.hardware = card;
        INFO(entry.at("id") << " on " << card.gpu.id);
        MemoryJudge judge(vllm_memory(), scenario);
        for (const std::uint32_t tensor : {1u, 2u, 8u}) check_numbers(judge.judge(on_gpus(tensor)));
        ++planned;
      }
    }
  }
  CHECK(planned > 1000);
}

TEST_CASE("more context and more sequences never need less", "[memory]") {
  for (const std::string& model : sample_models()) {
    const Scenario scenario = scenario_of(request_for(model, "h200-sxm-141gb", 8));
    MemoryJudge judge(vllm_memory(), scenario);
    double before = 0;
    for (std::uint64_t tokens = 1; tokens < 300000; tokens = tokens * 5 / 3 + 1) {
      vw_candidate candidate = on_gpus(8);
      candidate.context_tokens = tokens;
      candidate.max_batched_tokens = 8192;
      candidate.max_sequences = 64;
      const double needed = judge.judge(candidate).kv_required_bytes;
      INFO(model << ", " << tokens << " tokens");
      REQUIRE(needed >= before);
      before = needed;
    }
    vw_candidate one = on_gpus(8), two = one;
    two.concurrency = 2;
    REQUIRE(judge.judge(two).kv_required_bytes == 2 * judge.judge(one).kv_required_bytes);
  }
}

TEST_CASE("sequences beyond max_num_seqs wait and need no KV cache", "[memory]") {
  MemoryJudge judge(vllm_memory(), scenario_of(request_for("meta-llama/Llama-3.1-8B-Instruct", "h200-sxm-141gb", 1)));
  vw_candidate candidate = on_gpus(1);
  candidate.max_sequences = 16;
  const auto needed = [&](std::uint64_t sequences) {
    candidate.concurrency = sequences;
    return judge.judge(candidate).kv_required_bytes;
  };
  CHECK(needed(16) == 16 * needed(1));
  CHECK(needed(700) == needed(16));
}

TEST_CASE("a model run in fp32 holds its weights and its KV cache in 4 bytes", "[memory]") {
  Request request = request_for("Qwen/Qwen3-14B", "h200-sxm-141gb");
  const auto judged = [&] { return MemoryJudge(vllm_memory(), scenario_of(request)).judge(on_gpus(1)); };
  const vw_memory half = judged();
  request.dtype = "fp32";
  CHECK(judged().weights_bytes == Approx(2 * half.weights_bytes).epsilon(0.001));
  CHECK(judged().kv_sequence_bytes == 2 * half.kv_sequence_bytes);
}

TEST_CASE("the longest context is the longest: it fits, and a token more does not", "[memory]") {
  for (const std::string& model : sample_models()) {
    const Scenario scenario = scenario_of(request_for(model, "h200-sxm-141gb", 8));
    MemoryJudge judge(vllm_memory(), scenario);
    for (const std::uint64_t sequences : {1u, 3u, 40u, 200u}) {
      vw_candidate candidate = on_gpus(8);
      candidate.concurrency = sequences;
      candidate.max_batched_tokens = 2048;
      candidate.max_sequences = 256;
      const vw_memory memory = judge.judge(candidate);
      if (memory.max_context_tokens < 1 || memory.max_context_tokens > 1e8) continue;
      const auto needed = [&](double tokens) {
        vw_candidate asked = candidate;
        asked.context_tokens = static_cast<std::uint64_t>(tokens);
        return judge.judge(asked).kv_sequence_bytes;
      };
      const double each = std::floor(memory.kv_blocks / static_cast<double>(sequences)) *
                          (memory.kv_sequence_bytes / std::max(1.0, memory.kv_blocks / memory.max_concurrency));
      INFO(model << ", " << sequences << " sequences");
      CHECK(needed(memory.max_context_tokens) <= each * (1 + 1e-9));
      CHECK(needed(memory.max_context_tokens + 1) > each * (1 - 1e-9));
    }
  }
}

TEST_CASE("an fp8 KV cache halves the bytes of full, sliding and chunked layers", "[memory]") {
  for (const char* model : {"meta-llama/Llama-3.1-8B-Instruct", "google/gemma-3-27b-it", "openai/gpt-oss-20b"}) {
    Request request = request_for(model, "h100-sxm5-80gb");
    const vw_memory wide = MemoryJudge(vllm_memory(), scenario_of(request)).judge(plain_candidate());
    request.kv_cache_dtype = "fp8";
    const vw_memory narrow = MemoryJudge(vllm_memory(), scenario_of(request)).judge(plain_candidate());
    CHECK(2 * narrow.kv_sequence_bytes == wide.kv_sequence_bytes);
  }
}

TEST_CASE("more GPUs never leave less for the KV cache of one, but for what their communication costs", "[memory]") {
  constexpr double communication_bytes = 1.5 * gib;
  for (const std::string& model : sample_models()) {
    const Scenario scenario = scenario_of(request_for(model, "h200-sxm-141gb", 8));
    MemoryJudge judge(vllm_memory(), scenario);
    double before = 0;
    for (const std::uint32_t tensor : {1u, 2u, 4u, 8u}) {
      const vw_memory memory = judge.judge(on_gpus(tensor));
      if (memory.verdict == VW_UNSUPPORTED) continue;
      INFO(model << ", tp " << tensor);
      CHECK(memory.kv_available_bytes + communication_bytes >= before);
      before = memory.kv_available_bytes;
    }
  }
}

TEST_CASE("pipeline stages add up to the whole, but for what stands on several", "[memory]") {
  const Scenario scenario = scenario_of(request_for("meta-llama/Llama-3.1-8B-Instruct", "h200-sxm-141gb", 2));
  MemoryJudge judge(vllm_memory(), scenario);
  const double whole = judge.judge(on_gpus(1)).weights_bytes;
  const double rope = 131072.0 * 128 * 2;  // its table is on both
  const double fullest = judge.judge(on_gpus(1, 2)).weights_bytes;
  CHECK(fullest >= (whole + rope) / 2);
  CHECK(fullest <= (whole + rope) / 2 + 128256.0 * 4096 * 2);  // embedding and head are on one stage each
}
