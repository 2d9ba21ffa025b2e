// Worked examples of everything but weights and blocks: each by hand from shapes, beside what a log showed where one
// did.
#include "memory/vllm_lab.hpp"
#include "support/catch.hpp"

using namespace vw;
using namespace vw::test;

namespace {

// One start: limits as given, the release's defaults where they are 0.
struct Start {
  std::string model, gpu, release;
  std::uint32_t tensor = 1;
  std::uint64_t sequences = 0, batched_tokens = 0, context = 8192;
  Json serving = Json::object();
  bool is_eager = false;
  std::uint32_t pipeline = 1, data = 1;
  bool splits_experts = false;
};

vw_memory judged(const Start& start) {
  Request request = request_for(start.model, start.gpu, start.tensor * start.pipeline * start.data);
  request.vllm_version = start.release;
  request.serving = start.serving;
  vw_candidate candidate = on_gpus(start.tensor, start.pipeline);
  candidate.data_parallel = start.data;
  candidate.gpus = start.tensor * start.pipeline * start.data;
  candidate.max_sequences = start.sequences;
  candidate.max_batched_tokens = start.batched_tokens;
  candidate.context_tokens = start.context;
  if (start.is_eager) candidate.flags |= VW_ENFORCE_EAGER;
  if (start.splits_experts) candidate.flags |= VW_EXPERT_PARALLEL;
  return MemoryJudge(vllm_memory(), scenario_of(request)).judge(candidate);
}

double peak_gib(const Start& start) { return judged(start).activation_bytes / gib; }

const char* const llama = "meta-llama/Llama-3.1-8B-Instruct";
const char* const h100 = "h100-sxm5-80gb";

}  // namespace

TEST_CASE("the sampler holds 38.4 bytes a logit when it sorts, 15.5 when it does not, 6 in the V2 runner", "[memory]") {
  // of 1024 x 128256 logits, and 2TH = 0.0625 GiB of hidden states; 4.76 GiB logged on an H100 at v0.11
  CHECK(peak_gib({llama, h100, "0.11.0", 1, 1024, 8192}) == Approx(4.76).margin(0.01));
  CHECK(peak_gib({llama, h100, "0.17.1", 1, 1024, 8192}) == Approx(15.5 * 1024 * 128256 / gib + 0.0625));
  // forward of the V2 runner: 2T(H + 3I) = 0.72 GiB, less than the sampler's 0.73 and 0.06
  CHECK(peak_gib({llama, h100, "0.28", 1, 1024, 8192}) == Approx(6.0 * 1024 * 128256 / gib + 0.0625));
  CHECK(peak_gib({llama, h100, "0.28", 1, 256, 16384}) == Approx(2.0 * 16384 * (4096 + 3 * 14336) / gib));
}

TEST_CASE("speculation passes twice as many rows through the rejection sampler", "[memory]") {
  const Start with = {llama, h100, "0.17.1", 1,
                      1024,  8192, 8192,     {{"speculative", {{"method", "ngram"}, {"tokens", 3}}}}};
  CHECK(peak_gib(with) == Approx(28.0 * 1024 * 128256 / gib + 0.0625));
}

TEST_CASE("adapter slots keep the V1 runner", "[memory]") {
  const Json slots = {{"lora", {{"slots", 1}, {"rank", 16}}}};
  CHECK(peak_gib({llama, h100, "0.22", 1, 1, 8192, 8192, slots}) > 1.15 * peak_gib({llama, h100, "0.22", 1, 1, 8192}));
}

TEST_CASE("a dense forward pass holds 2T(3H + 3I/tp) and 2TH for the all-reduce", "[memory]") {
  const Start one = {llama, h100, "0.12", 1, 1, 16384}, two = {llama, h100, "0.12", 2, 1, 16384};
  CHECK(peak_gib(one) == Approx(2.0 * 16384 * 3 * (4096 + 14336) / gib));
  CHECK(peak_gib(two) == Approx(2.0 * 16384 * (4 * 4096 + 3 * 7168) / gib));
}

TEST_CASE("the tower of Qwen3.5 takes one image of 16,384 tokens, divided by tp but for its embeddings", "[memory]") {
  // 65,536 patches of 1152, feed-forward 4304: pixels 0.1875 GiB and a block of 1.33, 0.80 and 0.54 GiB
  const auto peak = [](const char* release, std::uint32_t tensor) {
    return peak_gib({"Qwen/Qwen3.5-27B", "h200-sxm-141gb", release, tensor, 8, 2048});
  };
  CHECK(peak("0.19", 1) == Approx(1.52).margin(0.01));
  CHECK(peak("0.19", 2) == Approx(0.99).margin(0.01));
  CHECK(peak("0.19", 4) == Approx(0.73).margin(0.01));
  for (const std::uint32_t tensor : {1u, 2u, 4u})
    CHECK(peak("0.16", tensor) >= 1.73);  // positions interpolated plainly
}

TEST_CASE("no flag on tokens shrinks an image below one, only leaving it out does", "[memory]") {
  const Start start = {"Qwen/Qwen3.5-27B", "h200-sxm-141gb", "0.19", 1, 8, 256};
  CHECK(peak_gib(start) > 1.5);
  for (const Json& without : {Json{{"language_model_only", true}}, Json{{"skip_mm_profiling", true}},
                              Json{{"limit_mm_per_prompt", {{"image", 0}, {"video", 0}}}}}) {
    Start text = start;
    text.serving = without;
    CHECK(peak_gib(text) < 0.3);
  }
}

TEST_CASE("Gemma 3 encodes as many images at once as a step has tokens for", "[memory]") {
  // 4096 patches of 1152 an image: 0.088 GiB; 8, 32, 64 images
  const auto peak = [](std::uint64_t tokens) {
    return peak_gib({"google/gemma-3-27b-it", "h200-sxm-141gb", "0.19", 1, 8, tokens});
  };
  CHECK(peak(2048) == Approx(8 * 0.088).epsilon(0.05));
  CHECK(peak(8192) == Approx(32 * 0.088).epsilon(0.05));
  CHECK(peak(16384) == Approx(64 * 0.088).epsilon(0.05));
}

TEST_CASE("outputs of the encoder were padded to what the budget counts", "[memory]") {
  // Qwen3-VL-30B at tp 2, v0.12: 2.34 padded + 0.19 + 0.14 pixels + 0.62; logged 3.80 with 0.54 outside of torch
  const Start start = {"Qwen/Qwen3-VL-30B-A3B-Instruct", h100, "0.12", 2, 64, 8192, 65536};
  CHECK(peak_gib(start) == Approx(3.80 - 0.54).margin(0.08));
  Start more = start;
  more.sequences = 256;  // then the sampler is the peak: 4.72 logged
  CHECK(peak_gib(more) == Approx(4.72 - 0.54).margin(0.12));
  Start later = start;
  later.release = "0.19";
  CHECK(peak_gib(later) < 1.5);
}

TEST_CASE("both buffers of the experts stay while the sampler runs, from the workspace manager on", "[memory]") {
  // GLM-5.1: 2 x 8192 x 8 x 2 x 6144 bytes at tp 8 = 1.5 GiB; sampler 15.5 x 1024 x 154880 = 2.29
  const double workspace = 2.0 * 8192 * 8 * 2 * 6144 / gib, sampler = 15.5 * 1024 * 154880 / gib;
  const Start start = {"zai-org/GLM-5.1-FP8", "h200-sxm-141gb", "0.19", 8, 1024, 8192};
  CHECK(peak_gib(start) == Approx(workspace + sampler + 2.0 * 8192 * 6144 / gib).epsilon(0.01));
}

TEST_CASE("data parallelism gathers the tokens of all ranks for the experts", "[memory]") {
  // DeepSeek-V3, dp 8 with split experts: 65,536 tokens x 8 x (7168 + 7168) x 2 bytes, and what is gathered
  Start start = {"deepseek-ai/DeepSeek-V3", "h200-sxm-141gb", "0.19", 1, 256, 8192};
  start.data = 8;
  start.splits_experts = true;
  const double workspace = 2.0 * 65536 * 8 * (7168 + 7168) / gib, gathered = 2.0 * 65536 * 7168 / gib;
  CHECK(peak_gib(start) > workspace + gathered);
  start.release = "0.12";  // 16,384 tokens at a time
  CHECK(peak_gib(start) < workspace);
}

TEST_CASE("expert parallelism does not shrink the buffers of the experts", "[memory]") {
  Start start = {"Qwen/Qwen3-30B-A3B", h100, "0.12", 4, 1, 8192};
  const double split = peak_gib(start);
  start.splits_experts = true;
  CHECK(peak_gib(start) >= split);
}

TEST_CASE("limits that nobody gives are those of card, release and entry point", "[memory]") {
  // the sampler is as long as max_num_seqs, the forward pass as max_num_batched_tokens
  const auto sampler = [](double sequences, double tokens) {
    return 15.5 * sequences * 128256 / gib + 2.0 * tokens * 4096 / gib;
  };
  CHECK(peak_gib({llama, "a100-sxm4-80gb", "0.17.1"}) == Approx(sampler(256, 2048)));
  CHECK(peak_gib({llama, h100, "0.17.1"}) == Approx(sampler(1024, 8192)));
  CHECK(peak_gib({llama, h100, "0.17.1", 1, 0, 0, 8192, {{"offline_class", true}}}) == Approx(sampler(1024, 16384)));
  CHECK(peak_gib({llama, "b200", "0.27"}) < peak_gib({llama, "b200", "0.28"}));  // 16,384 tokens from 160 GiB on
}

TEST_CASE("every capture size costs a graph in each layer, and nothing when eager", "[memory]") {
  // N 16: sizes 1, 2, 4, 8, 16, 24, 32 and up to 16 for whole graphs; 0.15 GiB estimated for 48 layers
  const Start start = {"Qwen/Qwen3-Coder-30B-A3B-Instruct", "a100-sxm4-80gb", "0.26", 1, 16};
  CHECK(judged(start).cuda_graph_bytes / gib == Approx(0.05 + 48 * (0.12 * 7 + 0.06 * 5) / 1024));
  Start eager = start;
  eager.is_eager = true;
  CHECK(judged(eager).cuda_graph_bytes == 0);
}

TEST_CASE("each stage of a pipeline has the total of its own card", "[memory]") {
  Start start = {llama, "rtx-5070-ti", "0.18", 1, 1, 2048, 8192, Json::object(), false, 2};
  const double alike = judged(start).kv_blocks;
  start.serving = {{"stage_total_gib", {15.47, 31.4}}};
  const double larger_second = judged(start).kv_blocks;
  start.serving = {{"stage_total_gib", {31.4, 31.4}}};
  const double both_larger = judged(start).kv_blocks;
  CHECK(larger_second >= alike);
  CHECK(both_larger > larger_second);
}

TEST_CASE("for two releases one sequence had to fit into the smallest stage with all layers", "[memory]") {
  const Json unequal = {{"stage_total_gib", {15.47, 31.4}}};
  const Start before = {llama, "rtx-5070-ti", "0.13", 1, 1, 2048, 8192, unequal, false, 2};
  Start then = before;
  then.release = "0.15";
  CHECK(judged(then).max_context_tokens < 0.6 * judged(before).max_context_tokens);
}
