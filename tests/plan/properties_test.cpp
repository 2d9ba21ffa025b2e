// What must hold for every scenario, tried on the real classic model with real models and cards.
#include "base/units.hpp"
#include "plan/plan.hpp"
#include "plan/solve.hpp"
#include "support/catch.hpp"
#include "support/random_request.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::Random;
using test::shipped;

namespace {

constexpr int rounds = 60;

Scenario random_scenario(Random& random) {
  Request request;
  request.model =
      random.one_of<std::string>({"meta-llama/Llama-3.1-8B-Instruct", "Qwen/Qwen2.5-0.5B", "Qwen/Qwen3-30B-A3B",
                                  "mistralai/Mistral-7B-v0.1", "meta-llama/Llama-3.1-70B-Instruct"});
  request.gpu = random.one_of<std::string>({"RTX 4090", "a100-sxm4-80gb", "H100", "RTX 3060", "MI300X", "B200"});
  request.gpus = std::int64_t{1} << random.whole(0, 3);
  request.concurrency = random.whole(1, 64);
  request.prompt_tokens = random.whole(1, 4000);
  request.generated_tokens = random.whole(1, 1000);
  request.batching_mode = random.one_of<std::string>({"throughput", "latency", "balanced"});
  if (random.coin()) request.max_model_len = random.whole(1, 200000);
  if (random.coin()) request.fragmentation_factor = random.real(1, 2);
  if (random.coin()) request.headroom_gib = random.real(0, 4);
  return gather(shipped().catalog(), shipped().defaults(), request);
}

std::shared_ptr<const Part> classic(const char* kind) { return shipped().catalog().part(kind, "classic"); }

// One random scenario, its plan, and the judge that made it.
struct Case {
  explicit Case(Random& random)
      : scenario(random_scenario(random)),
        memory(*classic(VW_KIND_MEMORY_MODEL), scenario),
        perf(*classic(VW_KIND_PERF_HEURISTIC), scenario),
        plan(make_plan(scenario, memory, perf)) {}

  std::string name() const {
    return scenario.model.id + " on " + std::to_string(scenario.hardware.gpus_per_node) + " x " +
           scenario.hardware.gpu.name;
  }
  double required(const vw_candidate& candidate) {
    const vw_memory judged = memory.judge(candidate);
    return judged.weights_bytes + judged.overhead_bytes + judged.kv_required_bytes;
  }

  Scenario scenario;
  MemoryJudge memory;
  PerfJudge perf;
  Plan plan;
};

template <class Check>
void for_random_cases(Check&& check) {
  Random random;
  for (int round = 0; round < rounds; ++round) {
    Case trial(random);
    INFO("round " << round << ": " << trial.name());
    check(trial, random);
  }
}

}  // namespace

TEST_CASE("more context and more concurrency never need less memory", "[plan]") {
  for_random_cases([](Case& trial, Random& random) {
    vw_candidate longer = trial.plan.candidate, wider = trial.plan.candidate;
    longer.context_tokens += static_cast<std::uint64_t>(random.whole(1, 100000));
    wider.concurrency += static_cast<std::uint64_t>(random.whole(1, 1000));
    const double least = trial.required(trial.plan.candidate);
    CHECK(trial.required(longer) >= least);
    CHECK(trial.required(wider) >= least);
    CHECK((trial.plan.fits() || !fits(trial.memory.judge(longer))));
    CHECK((trial.plan.fits() || !fits(trial.memory.judge(wider))));
  });
}

TEST_CASE("a wider dtype never needs less memory", "[plan]") {
  Random random;
  for (int round = 0; round < rounds / 4; ++round) {
    Case narrow(random);
    INFO(narrow.name());
    Request request = narrow.scenario.request;
    request.dtype = "fp32";
    Scenario wide = gather(shipped().catalog(), shipped().defaults(), request);
    MemoryJudge memory(*classic(VW_KIND_MEMORY_MODEL), wide);
    const vw_memory judged = memory.judge(narrow.plan.candidate);
    CHECK(judged.weights_bytes >= narrow.plan.memory.weights_bytes);
    CHECK(judged.kv_required_bytes >= narrow.plan.memory.kv_required_bytes);
  }
}

TEST_CASE("more memory on the card never fits less", "[plan]") {
  Random random;
  for (int round = 0; round < rounds / 4; ++round) {
    Case small(random);
    INFO(small.name());
    Request request = small.scenario.request;
    request.vram_gib = small.scenario.hardware.memory_mib / 1024 + random.real(0, 100);
    Scenario large = gather(shipped().catalog(), shipped().defaults(), request);
    MemoryJudge memory(*classic(VW_KIND_MEMORY_MODEL), large);
    const vw_memory judged = memory.judge(small.plan.candidate);
    CHECK(judged.headroom_bytes >= small.plan.memory.headroom_bytes);
    CHECK((!fits(small.plan.memory) || fits(judged)));
  }
}

TEST_CASE("the largest context that fits does, and one block more does not", "[plan]") {
  for_random_cases([](Case& trial, Random&) {
    const std::int64_t most = trial.scenario.model.max_context_tokens;
    vw_candidate candidate = trial.plan.candidate;
    const std::int64_t largest = largest_fitting_context(trial.memory, candidate, most);
    CHECK(largest <= most);
    if (largest > 0) {
      candidate.context_tokens = static_cast<std::uint64_t>(largest);
      CHECK(fits(trial.memory.judge(candidate)));
    }
    if (largest == most) return;
    candidate.context_tokens = static_cast<std::uint64_t>(largest + 16);
    CHECK_FALSE(fits(trial.memory.judge(candidate)));
  });
}

TEST_CASE("what is recommended fits whenever anything does, and stays within the model", "[plan]") {
  for_random_cases([](Case& trial, Random&) {
    const Recommendation& best = trial.plan.recommended;
    const auto context = static_cast<std::int64_t>(best.candidate.context_tokens);
    CHECK(context >= 1);
    CHECK(context <= trial.scenario.model.max_context_tokens);
    vw_candidate smallest = best.candidate;
    smallest.context_tokens = 16;
    if (fits(trial.memory.judge(smallest))) CHECK(fits(best.memory));
    if (trial.plan.fits()) CHECK(trial.plan.advice.empty());
    CHECK(best.candidate.max_sequences >= best.candidate.concurrency);
    CHECK(best.candidate.max_batched_tokens >= 8192);
    CHECK(trial.plan.parallel.total() <= trial.scenario.hardware.total_gpus());
  });
}

TEST_CASE("every piece of advice that is given fits", "[plan]") {
  for_random_cases([](Case& trial, Random&) {
    for (const Advice& advice : trial.plan.advice) {
      INFO(advice.change);
      CHECK(advice.fits);
      CHECK(advice.headroom_gib >= trial.memory.policy().headroom_gib);
    }
  });
}

TEST_CASE("no plan holds a number that is not finite, and the same request gives the same text", "[plan]") {
  Random first, second;
  for (int round = 0; round < rounds / 4; ++round) {
    Case one(first), two(second);
    INFO(one.name());
    const std::string text = to_json(one.scenario, one.plan, "classic", "classic").dump();
    CHECK(text == to_json(two.scenario, two.plan, "classic", "classic").dump());
    CHECK(one.plan.perf.ttft_ms > 0);
    CHECK(std::isfinite(one.plan.perf.ttft_ms));
    CHECK(std::isfinite(one.plan.perf.decode_tokens_per_s));
  }
}

TEST_CASE("the classic components of Llama 3.1 8B on one RTX 4090 are those of the formulas", "[plan]") {
  Request request;
  request.model = "meta-llama/Llama-3.1-8B-Instruct";
  request.gpu = "RTX 4090";
  request.max_model_len = 8192;
  const Scenario scenario = gather(shipped().catalog(), shipped().defaults(), request);
  MemoryJudge memory(*classic(VW_KIND_MEMORY_MODEL), scenario);
  PerfJudge perf(*classic(VW_KIND_PERF_HEURISTIC), scenario);
  const Plan plan = make_plan(scenario, memory, perf);
  CHECK(plan.memory.weights_bytes == 2.0 * 8030261248);
  CHECK(plan.memory.kv_required_bytes == std::floor(2.0 * 8 * 128 * 32 * 8192 * 2 * 1.15));
  CHECK(plan.memory.overhead_bytes == from_gib(1.0));
  CHECK(plan.memory.capacity_bytes == std::floor(from_gib(24) * 0.9));
  CHECK(plan.fits());
  CHECK(plan.utilization == 0.9);
}
