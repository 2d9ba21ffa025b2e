// What must hold for the limits that a plan searches, tried with the shipped models of memory and speed.
#include "perf/roofline_lab.hpp"
#include "plan/objective.hpp"
#include "plan/plan.hpp"
#include "plan/utilization.hpp"
#include "support/catch.hpp"
#include "support/random_request.hpp"

#include <cstring>

using namespace vw;

namespace {

struct Real {
  Scenario scenario;
  MemoryJudge memory;
  PerfJudge perf;

  explicit Real(const Request& request)
      : scenario(gather(test::shipped().catalog(), test::shipped().defaults(), request)),
        memory(test::vllm_memory(), scenario),
        perf(test::roofline(), scenario, efficiency_from(test::shipped().catalog(), test::roofline())) {}

  Plan plan() { return make_plan(scenario, memory, perf); }
  vw_perf speed_of(const vw_candidate& candidate) { return perf.judge(candidate, memory.judge(candidate)); }
};

Request busy_request(test::Random& random) {
  Request request;
  request.model = random.one_of<std::string>({"meta-llama/Llama-3.1-8B-Instruct", "Qwen/Qwen3-30B-A3B",
                                              "Qwen/Qwen3-32B", "meta-llama/Llama-3.1-70B-Instruct"});
  request.gpu = random.one_of<std::string>({"RTX 4090", "L40S", "h100-sxm5-80gb", "MI300X", "B200"});
  request.gpus = std::int64_t{1} << random.whole(0, 3);
  request.concurrency = random.whole(1, 200);
  request.prompt_tokens = random.whole(1, 9000);
  request.generated_tokens = random.whole(2, 1000);
  request.batching_mode = random.one_of<std::string>({"throughput", "latency", "balanced"});
  request.offline = true;
  return request;
}

template <class Check>
void for_random_requests(Check&& check) {
  test::Random random;
  for (int round = 0; round < 60; ++round) {
    const Request request = busy_request(random);
    INFO("round " << round << ": " << request.model << " on " << *request.gpus << " x " << request.gpu << ", "
                  << request.concurrency << " of " << request.prompt_tokens << " + " << request.generated_tokens << ", "
                  << request.batching_mode);
    check(request, random);
  }
}

}  // namespace

TEST_CASE("limits that are taken are never worth less than those of the rule", "[plan]") {
  for_random_requests([](const Request& request, test::Random&) {
    Real real(request);
    const Plan plan = real.plan();
    if (!plan.fits()) return;
    const vw_candidate requested =
        requested_candidate(real.scenario, plan.parallel, choose_utilization(real.scenario, real.memory.policy()));
    const vw_candidate by_rule = judged_candidate(real.scenario, requested, real.memory);
    CHECK(worth(request, real.speed_of(plan.candidate)) >= worth(request, real.speed_of(by_rule)));
    CHECK(plan.candidate.context_tokens >= by_rule.context_tokens);
    if (plan.candidate.max_batched_tokens != by_rule.max_batched_tokens) CHECK(fits_at_low_end(plan.memory));
  });
}

TEST_CASE("the plan of the limits that were chosen is the same plan", "[plan]") {
  for_random_requests([](Request request, test::Random&) {
    const Plan chosen = Real(request).plan();
    request.max_num_batched_tokens = static_cast<std::int64_t>(chosen.candidate.max_batched_tokens);
    request.tensor_parallel = chosen.parallel.tensor;
    request.pipeline_parallel = chosen.parallel.pipeline;
    request.data_parallel = chosen.parallel.data;
    const Plan again = Real(request).plan();
    CHECK(std::memcmp(&again.candidate, &chosen.candidate, sizeof chosen.candidate) == 0);
  });
}

TEST_CASE("with a target latency what is chosen is in time if any of the limits is", "[plan]") {
  for_random_requests([](Request request, test::Random& random) {
    const vw_perf free = Real(request).plan().perf;
    if (free.tpot_ms <= 0) return;
    request.target_latency_ms = request_ms(request, free) * random.real(0.8, 1.1);
    Real real(request);
    const Plan plan = real.plan();
    if (!plan.fits() || is_in_time(request, plan.perf)) return;
    for (std::uint64_t tokens = 2048; tokens <= 65536; tokens *= 2) {
      vw_candidate other = plan.candidate;
      other.max_batched_tokens = std::max(tokens, other.max_sequences);
      if (fits_at_low_end(real.memory.judge(other))) CHECK_FALSE(is_in_time(request, real.speed_of(other)));
    }
  });
}

TEST_CASE("latency mode never has a slower request than balanced", "[plan]") {
  for_random_requests([](Request request, test::Random&) {
    const auto time_ms = [&](const std::string& mode) {
      request.batching_mode = mode;
      const Plan plan = Real(request).plan();
      return plan.fits() ? request_ms(request, plan.perf) : 0;
    };
    const double latency_ms = time_ms("latency"), balanced_ms = time_ms("balanced");
    const double gain = test::shipped().defaults().rules.least_gain;
    if (latency_ms > 0 && balanced_ms > 0) CHECK(latency_ms <= balanced_ms * (1 + gain));
  });
}
