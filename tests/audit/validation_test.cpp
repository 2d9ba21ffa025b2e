// Predictions held against logs, with memory models that are made for it.
#include "audit/validation.hpp"
#include "base/error.hpp"
#include "support/catch.hpp"
#include "support/memory_files.hpp"
#include "support/plan_lab.hpp"
#include "support/shipped.hpp"

using namespace vw;
using namespace vw::test;

namespace {

constexpr double gib = 1073741824.0;

// 10 GiB of KV cache between 8 and 12, a sequence of 1000 tokens takes 2.
Judgement judgement() {
  Judgement made;
  made.candidate.context_tokens = 1000;
  vw_memory& memory = made.memory;
  memory.verdict = VW_FITS;
  memory.starts = VW_YES;
  memory.capacity_bytes = 30 * gib;
  memory.weights_bytes = 15 * gib;
  memory.weights_low_bytes = 14 * gib;
  memory.weights_high_bytes = 16 * gib;
  memory.overhead_bytes = 5 * gib;
  memory.kv_available_bytes = 10 * gib;
  memory.kv_available_low_bytes = 8 * gib;
  memory.kv_available_high_bytes = 12 * gib;
  memory.kv_sequence_bytes = 2 * gib;
  memory.kv_tokens = 5000;
  memory.max_concurrency = 5;
  memory.max_context_tokens = 4000;
  return made;
}

void check(const Prediction& prediction, double best, double low, double high) {
  CHECK(prediction.best == Approx(best));
  CHECK(prediction.low == Approx(low));
  CHECK(prediction.high == Approx(high));
}

ObservedRow row(const std::string& id) {
  ObservedRow made;
  made.id = id;
  made.source = "org/logs";
  made.observed = {{metric::weights, 15.5}, {metric::starts, 1}};
  return made;
}

ObservedRow llama_row() {
  ObservedRow made = row("llama");
  made.request.model = "meta-llama/Llama-3.1-8B-Instruct";
  made.request.gpu = "2x RTX 4090 (24 GB) + H100 80GB";
  made.request.gpus = 2;
  made.request.tensor_parallel = 2;
  made.request.pipeline_parallel = made.request.data_parallel = 1;
  made.request.vllm_version = "0.21.0";
  made.request.max_model_len = 4096;
  made.request.max_num_seqs = 7;
  made.request.block_size = 32;
  made.request.enforce_eager = true;
  return made;
}

// What the part is opened with and asked.
struct Seen {
  Json settings;
  vw_candidate candidate{};
};

Judgement judge_with(const ObservedRow& asked, Seen& seen, std::uint32_t verdict = VW_FITS) {
  Fake fake;
  fake.kind = VW_KIND_MEMORY_MODEL;
  fake.open = [&](const std::string& settings) { seen.settings = Json::parse(settings); };
  fake.memory = [&](const vw_candidate& candidate) {
    seen.candidate = candidate;
    vw_memory memory{};
    memory.verdict = verdict;
    return memory;
  };
  const Part part = make_part(std::move(fake));
  const MemoryFiles files;
  return judge_startup({shipped().catalog(), shipped().defaults(), part, files, ""}, asked);
}

}  // namespace

TEST_CASE("tokens, concurrency and context scale with the interval of the KV cache", "[audit]") {
  const auto predicted = predictions_of(judgement());
  check(predicted.at(metric::weights), 15, 14, 16);
  check(predicted.at(metric::kv_available), 10, 8, 12);
  check(predicted.at(metric::kv_tokens), 5000, 4000, 6000);
  check(predicted.at(metric::concurrency), 5, 4, 6);
  check(predicted.at(metric::context), 4000, 3200, 4800);
  check(predicted.at(metric::starts), 1, 1, 1);
}

TEST_CASE("results for a group are divided among its GPUs", "[audit]") {
  Judgement made = judgement();
  made.memory.scope_gpus = 2;
  const auto predicted = predictions_of(made);
  check(predicted.at(metric::weights), 7.5, 7, 8);
  check(predicted.at(metric::kv_available), 5, 4, 6);
  check(predicted.at(metric::concurrency), 5, 4, 6);
}

TEST_CASE("a model without intervals predicts points, without tokens those of its bytes", "[audit]") {
  Judgement made = judgement();
  made.memory.weights_low_bytes = made.memory.weights_high_bytes = 0;
  made.memory.kv_available_low_bytes = made.memory.kv_available_high_bytes = 0;
  made.memory.kv_tokens = 0;
  made.memory.kv_per_token_bytes = gib / 100;
  const auto predicted = predictions_of(made);
  check(predicted.at(metric::weights), 15, 15, 15);
  check(predicted.at(metric::kv_available), 10, 10, 10);
  check(predicted.at(metric::kv_tokens), 1000, 1000, 1000);
}

TEST_CASE("where the budget is exceeded the KV cache is negative, as it is logged", "[audit]") {
  Judgement made = judgement();
  made.memory.verdict = VW_DOES_NOT_FIT;
  made.memory.starts = VW_NO;
  made.memory.reason = VW_REASON_WEIGHTS_EXCEED_CAPACITY;
  made.memory.capacity_bytes = 19 * gib;
  made.memory.kv_available_bytes = made.memory.kv_available_low_bytes = 0;
  made.memory.kv_available_high_bytes = 3 * gib;
  made.memory.kv_tokens = made.memory.max_concurrency = made.memory.max_context_tokens = 0;
  const auto predicted = predictions_of(made);
  check(predicted.at(metric::kv_available), -1, -2, 3);
  check(predicted.at(metric::concurrency), 0, 0, 1.5);
  check(predicted.at(metric::starts), 0, 0, 1);
}

TEST_CASE("a verdict whose interval holds no full sequence may be wrong", "[audit]") {
  Judgement made = judgement();
  made.memory.kv_sequence_bytes = 9 * gib;
  check(predictions_of(made).at(metric::starts), 1, 0, 1);
  made.memory.starts = VW_NO;
  made.memory.reason = VW_REASON_UTILIZATION_ABOVE_FREE;
  check(predictions_of(made).at(metric::starts), 0, 0, 0);
}

TEST_CASE("a model that does not say whether it starts is taken by its verdict", "[audit]") {
  Judgement made = judgement();
  made.memory.starts = VW_UNKNOWN;
  made.memory.verdict = VW_DOES_NOT_FIT;
  made.memory.reason = VW_REASON_HEADROOM_TOO_SMALL;
  check(predictions_of(made).at(metric::starts), 0, 0, 0);
}

TEST_CASE("only what was logged is scored, and what cannot be judged is skipped with its reason", "[audit]") {
  ObservedRow known = row("b");
  known.skip = "not complete";
  const Validation validation = validate({row("a"), known, row("c")}, [](const ObservedRow& asked) {
    if (asked.id == "c") throw Error("--gpu", "unknown gpu 'abacus'");
    return judgement();
  });
  REQUIRE(validation.scores.size() == 2);
  CHECK(validation.scores[0].metric == metric::weights);
  CHECK(validation.scores[0].observed == 15.5);
  CHECK(validation.scores[0].predicted.best == Approx(15));
  CHECK(validation.scores[1].metric == metric::starts);
  REQUIRE(validation.skipped.size() == 2);
  CHECK(validation.skipped[0].why == "not complete");
  CHECK(validation.skipped[1].why == "--gpu: unknown gpu 'abacus'");
}

TEST_CASE("a row is judged exactly as it ran, on the smaller of two cards", "[audit]") {
  Seen seen;
  judge_with(llama_row(), seen);
  CHECK(seen.settings.at("gpus").at(0).at("id") == "rtx-4090");
  CHECK(seen.settings.at("formats").at(0).at("id") == "bf16");
  CHECK(seen.candidate.format == 0);
  CHECK(seen.candidate.tensor_parallel == 2);
  CHECK(seen.candidate.context_tokens == 4096);
  CHECK(seen.candidate.concurrency == 1);
  CHECK(seen.candidate.max_sequences == 7);
  CHECK(seen.candidate.max_batched_tokens == 0);
  CHECK(seen.candidate.block_tokens == 32);
  CHECK(seen.candidate.flags == VW_ENFORCE_EAGER);
  CHECK(seen.candidate.utilization == 0.92);  // the release's, not that of a consumer card
}

TEST_CASE("weights are stored as the row says where the checkpoint is in 16 bit", "[audit]") {
  Seen seen;
  ObservedRow asked = llama_row();
  asked.stored_as = "awq";
  judge_with(asked, seen);
  CHECK(seen.settings.at("formats").at(0).at("id") == "awq");
  asked.request.model = "Qwen/Qwen2.5-14B-Instruct-AWQ";
  asked.stored_as = "gptq";  // what the checkpoint declares counts
  judge_with(asked, seen);
  CHECK(seen.settings.at("formats").at(0).at("id") == "awq");
}

TEST_CASE("without a context the model's own is judged", "[audit]") {
  Seen seen;
  ObservedRow asked = llama_row();
  asked.request.max_model_len.reset();
  judge_with(asked, seen);
  CHECK(seen.candidate.context_tokens == 131072);
}

TEST_CASE("what a memory model does not support is no prediction", "[audit]") {
  Seen seen;
  CHECK_THROWS_AS(judge_with(llama_row(), seen, VW_UNSUPPORTED), Error);
}
