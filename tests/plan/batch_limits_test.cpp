#include "support/catch.hpp"
#include "support/plan_lab.hpp"

using namespace vw;
using test::sample_scenario;

namespace {

// 100 GiB: 50 of weights, 1 for 1024 batched tokens, 1 for ten sequences in a batch, 1 for 1000 tokens of KV cache.
vw_memory with_steps(const vw_candidate& candidate) {
  constexpr double gib = 1073741824.0;
  const double tokens = candidate.max_batched_tokens > 0 ? static_cast<double>(candidate.max_batched_tokens) : 2048;
  const double sequences = candidate.max_sequences > 0 ? static_cast<double>(candidate.max_sequences) : 256;
  vw_memory memory = test::by_units({.weights = 50, .per_token = 0.001}, candidate);
  memory.overhead_bytes = (tokens / 1024 + sequences / 10) * gib;
  return memory;
}

Plan plan_of(const Scenario& scenario) { return test::plan_with(scenario, test::memory_part(with_steps)); }

Scenario busy(std::int64_t concurrency, std::int64_t context_tokens) {
  Scenario scenario = sample_scenario();
  scenario.request.concurrency = concurrency;
  scenario.request.max_model_len = context_tokens;
  return scenario;
}

}  // namespace

TEST_CASE("a step has as many tokens as usual while the request fits beside it", "[plan]") {
  const Recommendation best = plan_of(busy(10, 1024)).recommended;
  CHECK(best.candidate.max_batched_tokens == 12800);  // 1024 x 10 x 1.25
  CHECK(best.fits());
}

TEST_CASE("a step that would take the memory of the request is halved until it fits", "[plan]") {
  const Recommendation best = plan_of(busy(30, 1024)).recommended;  // 42 - 3.2 - 30.7 leave 8.1 GiB
  CHECK(best.candidate.max_batched_tokens == 8192);                 // of 32768
  CHECK(best.reasons.at("max_num_batched_tokens") ==
        "a step of 32,768 tokens would take memory that the request needs");
  CHECK(best.fits());
}

TEST_CASE("what does not fit either way gets the step of the release", "[plan]") {
  const Recommendation best = plan_of(busy(100, 1024)).recommended;
  CHECK(best.candidate.max_batched_tokens == 2048);
}

TEST_CASE("--max-num-seqs auto takes as many sequences as fit with what each adds to the step", "[plan]") {
  Scenario scenario = busy(1, 1000);
  scenario.request.solve_max_num_seqs = true;
  const Recommendation best = plan_of(scenario).recommended;
  CHECK(best.candidate.max_sequences == 30);  // 92 - 50 - 8 = 34 GiB for 1.1 each
  CHECK(best.reasons.at("max_num_seqs") == "the most sequences of 1,000 tokens that fit with a margin");
}

TEST_CASE("--max-num-seqs auto stays within the batched tokens that were given", "[plan]") {
  Scenario scenario = busy(1, 1000);
  scenario.request.solve_max_num_seqs = true;
  scenario.request.max_num_batched_tokens = 16;
  CHECK(plan_of(scenario).recommended.candidate.max_sequences == 16);
}

TEST_CASE("--max-num-seqs auto keeps the concurrency where nothing fits", "[plan]") {
  Scenario scenario = busy(1, 8192);
  scenario.request.solve_max_num_seqs = true;
  const Plan plan = test::plan_with(scenario, test::Units{.weights = 1000});
  CHECK(plan.recommended.candidate.max_sequences == 3);
  CHECK(plan.recommended.reasons.at("max_num_seqs") == "not even one sequence fits: kept at the concurrency");
}

TEST_CASE("--max-num-seqs auto takes the best estimate where nothing fits with a margin, as the context does",
          "[plan]") {
  const auto tight = [](const vw_candidate& candidate) {
    vw_memory memory = test::by_units({.weights = 50, .per_token = 0.001}, candidate);
    memory.verdict = candidate.concurrency <= 2 ? VW_FITS : VW_DOES_NOT_FIT;
    memory.kv_available_low_bytes = 0;
    memory.kv_available_high_bytes = 2 * memory.kv_required_bytes;
    return memory;
  };
  Scenario scenario = busy(1, 1000);
  scenario.request.solve_max_num_seqs = true;
  const Plan plan = test::plan_with(scenario, test::memory_part(tight));
  CHECK(plan.recommended.candidate.max_sequences == 2);
  CHECK(plan.recommended.reasons.at("max_num_seqs") == "the most sequences of 1,000 tokens that fit");
}

TEST_CASE("limits that are left open are those of the printed command, and judged so", "[plan]") {
  const Plan plan = plan_of(busy(20, 1024));  // 256 sequences of the release's own would take 25.6 more
  CHECK(plan.fits());
  CHECK(plan.candidate.max_sequences == 22);
  CHECK(plan.candidate.max_sequences == plan.recommended.candidate.max_sequences);
  CHECK(plan.candidate.max_batched_tokens == plan.recommended.candidate.max_batched_tokens);
  CHECK(plan.memory.overhead_bytes == plan.recommended.memory.overhead_bytes);
}

TEST_CASE("limits that were given are advised smaller where that suffices", "[plan]") {
  Scenario scenario = busy(20, 1024);
  scenario.request.max_num_seqs = 256;  // 50 + 2 + 25.6 + 20.5 of 92
  const Plan plan = plan_of(scenario);
  REQUIRE_FALSE(plan.fits());
  REQUIRE(plan.advice.size() > 1);
  CHECK(plan.advice.front().change == "--max-num-seqs 20");
  CHECK(plan.advice.front().effect == "a smaller step takes 4.00 GiB instead of 27.60");
  CHECK(plan.advice.front().headroom_gib > 0);
}

TEST_CASE("replicas have limits of their own", "[plan]") {
  Scenario scenario = busy(20, 1024);
  scenario.hardware.gpus_per_node = 4;
  scenario.request.tensor_parallel = 1;
  scenario.request.data_parallel = 4;
  const Plan plan = plan_of(scenario);
  CHECK(plan.recommended.candidate.max_sequences == 7);
  CHECK(plan.recommended.reasons.at("max_num_seqs") == "concurrency 5 of each replica + 2 (balanced mode)");
}
