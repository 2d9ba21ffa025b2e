// Which batch limits and formats a plan takes in place of those of the rules, by what they are worth.
#include "plan/batch_search.hpp"

#include "plan/objective.hpp"
#include "support/catch.hpp"
#include "support/plan_lab.hpp"

#include <cmath>
#include <cstring>

using namespace vw;
using test::sample_scenario;

namespace {

using TimeOf = std::function<double(const vw_candidate& candidate)>;

// A request takes so many ms; as many are answered as users wait.
Part speed_of(TimeOf time_ms) {
  test::Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = [time_ms = std::move(time_ms)](const vw_candidate& candidate, const vw_memory&) {
    vw_perf perf{};
    perf.ttft_ms = time_ms(candidate);
    perf.tpot_ms = 1e-9;
    perf.output_tokens_per_s = 1e6 * static_cast<double>(candidate.concurrency) / perf.ttft_ms;
    return perf;
  };
  return test::make_part(std::move(fake));
}

// Best with so many tokens a step, 10 % slower with each half or double; weights and KV cache count as much as they
// take.
TimeOf best_with(double tokens, double loss = 0.1) {
  return [=](const vw_candidate& candidate) {
    const double steps = std::abs(std::log2(static_cast<double>(candidate.max_batched_tokens) / tokens));
    return 1000 * (1 + loss * steps) * (candidate.format > 0 ? 0.6 : 1) * (candidate.kv_format > 0 ? 0.9 : 1);
  };
}

// 100 GiB: so many MiB for each token of a step beside 10 GiB of weights.
Part steps_take_memory(double per_token = 1e-6, double step_mib = 1) {
  return test::memory_part([=](const vw_candidate& candidate) {
    vw_memory memory = test::by_units({.weights = 10, .per_token = per_token}, candidate);
    memory.overhead_bytes = step_mib * 1048576 * static_cast<double>(candidate.max_batched_tokens);
    return memory;
  });
}

Plan plan_of(const Scenario& scenario, const TimeOf& time_ms, const Part& memory_model = steps_take_memory()) {
  MemoryJudge memory(memory_model, scenario);
  PerfJudge perf(speed_of(time_ms), scenario);
  return make_plan(scenario, memory, perf);
}

std::uint64_t tokens_of(const Plan& plan) { return plan.recommended.candidate.max_batched_tokens; }
std::string reason(const Plan& plan, const std::string& key) { return plan.recommended.reasons.at(key); }

Scenario busy(std::int64_t users = 64) {
  Scenario scenario = sample_scenario();
  scenario.request.concurrency = users;  // 65,536 tokens in flight: the rule takes 32,768 on a card of 24 GiB
  return scenario;
}

Scenario with_formats() {
  Scenario scenario = busy(1);
  scenario.weights.push_back({test::plain_format("fp8", 8), "", "fp8"});
  scenario.weights.push_back({test::plain_format("awq", 4), "org/sample-AWQ", ""});
  scenario.kv_formats.push_back(test::kv_format("fp8", 8));
  return scenario;
}

}  // namespace

TEST_CASE("limits that are worth more than those of the rule are taken, and the reason has the numbers", "[plan]") {
  const Plan plan = plan_of(busy(), best_with(8192));
  CHECK(tokens_of(plan) == 8192);
  CHECK(reason(plan, "max_num_batched_tokens") ==
        "(1000 + 24) x 64 x 1.25, at least 8192, at most 32768 on this card: 32,768, with 53,333 tokens/s, 1.20 s a "
        "request; 8,192 is worth 20.0 % more (balanced mode): 64,000 tokens/s, 1.00 s a request; next best 16,384: "
        "58,182 tokens/s, 1.10 s a request");
}

TEST_CASE("what gains less than the rule asks for is named and not taken", "[plan]") {
  const Plan plan = plan_of(busy(), best_with(16384, 0.01));
  CHECK(tokens_of(plan) == 32768);
  CHECK(reason(plan, "max_num_batched_tokens") ==
        "(1000 + 24) x 64 x 1.25, at least 8192, at most 32768 on this card: 63,366 tokens/s, 1.01 s a request; next "
        "best 16,384: 64,000 tokens/s, 1.00 s a request, not 2 % more");
}

TEST_CASE("what is judged has the limits of the printed command", "[plan]") {
  const Plan plan = plan_of(busy(), best_with(4096));
  CHECK(plan.candidate.max_batched_tokens == 4096);
  CHECK(plan.memory.overhead_bytes == plan.recommended.memory.overhead_bytes);
  CHECK(plan.perf.ttft_ms == 1000);
  Scenario given = busy();
  given.request.max_num_batched_tokens = 4096;
  const Plan again = plan_of(given, best_with(8192));
  CHECK(std::memcmp(&again.candidate, &plan.candidate, sizeof plan.candidate) == 0);
  CHECK(reason(again, "max_num_batched_tokens") == "as given");
}

TEST_CASE("a context that is left open grows into what a smaller step leaves", "[plan]") {
  const Part memory = steps_take_memory(1e-4);  // 64 x 8192 tokens take 52 of the 82 GiB that weights leave
  const Plan plan = plan_of(busy(), best_with(4096), memory);
  CHECK(plan.candidate.context_tokens == 8192);
  CHECK(plan.fits());
}

TEST_CASE("neither more than is in flight, nor more than the card, nor fewer than the least is tried", "[plan]") {
  CHECK(tokens_of(plan_of(busy(), best_with(1e9))) == 32768);
  CHECK(tokens_of(plan_of(busy(1), best_with(1e9))) == 8192);
  CHECK(tokens_of(plan_of(busy(), best_with(1))) == 2048);
  Scenario many = busy();
  many.request.max_num_seqs = 3000;
  CHECK(tokens_of(plan_of(many, best_with(1))) == 4096);
}

TEST_CASE("a larger step is taken where it fits with a margin", "[plan]") {
  Scenario scenario = busy();
  scenario.rules.batched_tokens_factor["balanced"] = 0.1;
  CHECK(tokens_of(plan_of(scenario, best_with(1e9))) == 32768);
  CHECK(tokens_of(plan_of(scenario, best_with(1e9), steps_take_memory(1e-6, 4))) == 16384);  // 128 GiB for the next
}

TEST_CASE("limits that were given, all sequences that fit, and heuristics without throughput leave the rule",
          "[plan]") {
  Scenario scenario = busy();
  scenario.request.solve_max_num_seqs = true;
  CHECK(plan_of(scenario, best_with(2048)).batch.found == "");
  const Plan plain = test::plan_with(busy(), steps_take_memory());
  CHECK(tokens_of(plain) == 32768);
  CHECK(reason(plain, "max_num_batched_tokens") ==
        "(1000 + 24) x 64 x 1.25, at least 8192, at most 32768 on this card");
}

TEST_CASE("what keeps --target-latency-ms is taken however little it gains", "[plan]") {
  Scenario scenario = busy();
  scenario.request.target_latency_ms = 1005;
  const Plan plan = plan_of(scenario, best_with(16384, 0.01));
  CHECK(tokens_of(plan) == 16384);
  CHECK_THAT(reason(plan, "max_num_batched_tokens"), ContainsSubstring("; 16,384 keeps --target-latency-ms 1005: "));
}

TEST_CASE("16 bit stays where it fits, and the reasons have what fewer bits would give", "[plan]") {
  const Plan plan = plan_of(with_formats(), best_with(8192));
  CHECK(plan.recommended.weights.format.id == "bf16");
  CHECK(reason(plan, "quantization") ==
        "fits without; fp8 made at load time would give 1,667 tokens/s, 0.60 s a request instead of 1,000 and 1.00");
  CHECK_THAT(reason(plan, "kv_cache_dtype"),
             ContainsSubstring("; fp8 would give 1,111 tokens/s, 0.90 s a request instead of 1,000 and 1.00"));
  CHECK(plan.warnings.empty());
}

TEST_CASE("bits are given up for --target-latency-ms, as few as keep it", "[plan]") {
  const auto chosen = [](double target_ms) {
    Scenario scenario = with_formats();
    scenario.request.target_latency_ms = target_ms;
    const Plan plan = plan_of(scenario, best_with(8192));
    return plan.recommended.weights.format.id + " " + plan.recommended.kv_cache_dtype;
  };
  CHECK(chosen(1001) == "bf16 auto");
  CHECK(chosen(901) == "bf16 fp8");
  CHECK(chosen(601) == "fp8 auto");
  CHECK(chosen(541) == "fp8 fp8");
  CHECK(chosen(500) == "bf16 auto");  // nothing keeps it
}

TEST_CASE("the reason and a warning say what bits were given up for", "[plan]") {
  Scenario scenario = with_formats();
  scenario.request.target_latency_ms = 601;
  const Plan plan = plan_of(scenario, best_with(8192));
  CHECK(reason(plan, "quantization") ==
        "fp8 made at load time: 1,667 tokens/s, 0.60 s a request instead of 1,000 tokens/s, 1.00 s a request, which "
        "misses --target-latency-ms 601; awq from the checkpoint org/sample-AWQ would give the same 1,667 tokens/s, "
        "0.60 s a request");
  CHECK(plan.warnings ==
        std::vector<std::string>{
            "the configuration stores the weights as fp8 to keep --target-latency-ms: some accuracy is lost"});
  CHECK(plan.recommended.weights.flag == "fp8");
}

TEST_CASE("formats that were given stay, whatever they miss", "[plan]") {
  Scenario scenario = busy(1);
  scenario.request.target_latency_ms = 1;
  scenario.kv_formats = {test::kv_format("fp8", 8)};
  const Plan plan = plan_of(scenario, best_with(8192));
  CHECK(reason(plan, "quantization") == "fits without");
  CHECK(reason(plan, "kv_cache_dtype") == "as given");
}
