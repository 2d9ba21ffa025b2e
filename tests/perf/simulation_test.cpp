// The replay of the scheduler beside the closed form.
#include "perf/roofline_lab.hpp"
#include "support/catch.hpp"

using namespace vw;
using namespace vw::test;

namespace {

double value(const Json& simulated, const char* metric, const char* which) { return simulated.at(metric).at(which); }

}  // namespace

TEST_CASE("a simulated closed loop agrees with the closed form", "[perf]") {
  struct Setting {
    const char *model, *gpu;
    std::uint32_t tensor;
  };
  for (const Setting& setting : {Setting{"Qwen/Qwen3-32B", "h100-sxm5-80gb", 2},
                                 {"meta-llama/Llama-3.1-8B-Instruct", "l40s", 1},
                                 {"openai/gpt-oss-120b", "b200-sxm-180gb", 1},
                                 {"deepseek-ai/DeepSeek-V3", "h200-sxm-141gb", 8}}) {
    Lab lab(scenario_of(request_for(setting.model, setting.gpu, setting.tensor)));
    for (const std::uint64_t users : {4, 16, 64}) {
      INFO(setting.model << " on " << setting.gpu << ", " << users << " users");
      const vw_candidate load = load_of(setting.tensor, users);
      const vw_perf closed = lab.speed(load);
      const Json simulated = lab.simulate(load, {});
      CHECK(value(simulated, "tpot_ms", "mean") == Approx(closed.tpot_ms).epsilon(0.06));
      CHECK(value(simulated, "ttft_ms", "mean") == Approx(closed.ttft_ms).epsilon(0.25));
      CHECK(simulated.at("output_tokens_per_s").get<double>() == Approx(closed.output_tokens_per_s).epsilon(0.08));
    }
  }
}

TEST_CASE("a simulated burst agrees with the closed form", "[perf]") {
  for (const char* model : {"Qwen/Qwen3-32B", "openai/gpt-oss-120b"}) {
    Lab lab(scenario_of(request_for(model, "h100-sxm5-80gb", 2)));
    for (const std::uint64_t users : {8, 64, 256}) {
      INFO(model << ", " << users << " users");
      const vw_candidate load = load_of(2, users);
      const double simulated_ms = lab.simulate(load, {}).at("first_burst_ttft_ms");
      CHECK(simulated_ms == Approx(lab.benchmark(load).at("burst_ttft_ms").get<double>()).epsilon(0.2));
    }
  }
}

TEST_CASE("a simulated queue of prompts that fill a step agrees with the closed form", "[perf]") {
  Lab lab(scenario_of(request_for("Qwen/Qwen3-32B", "h100-sxm5-80gb", 2)));
  for (const std::uint64_t users : {1, 2, 4, 8, 16}) {
    INFO(users << " users");
    vw_candidate load = load_of(2, users);
    load.prompt_tokens = 6000;
    load.generated_tokens = 500;
    const double simulated_ms = value(lab.simulate(load, {}), "ttft_ms", "mean");
    CHECK(simulated_ms == Approx(static_cast<double>(lab.speed(load).ttft_ms)).epsilon(0.2));
  }
}

TEST_CASE("few users with long prompts decode through the prompts of others only", "[perf]") {
  Lab lab(scenario_of(request_for("Qwen/Qwen3-32B", "h100-sxm5-80gb", 2)));
  for (const std::uint64_t users : {1, 2, 3}) {
    for (const std::uint64_t generated : {16, 256}) {
      INFO(users << " users, " << generated << " tokens each");
      vw_candidate load = load_of(2, users);
      load.prompt_tokens = 8000;
      load.generated_tokens = generated;
      const double closed_ms = lab.speed(load).tpot_ms, simulated_ms = value(lab.simulate(load, {}), "tpot_ms", "mean");
      CHECK(closed_ms == Approx(simulated_ms).epsilon(users == 1 ? 0.02 : 0.4));
    }
  }
}

TEST_CASE("a group that spans nodes is not faster than one inside a node", "[perf]") {
  for (const char* gpu : {"l40s", "h100-sxm5-80gb"}) {
    Request request = request_for("Qwen/Qwen3-8B", gpu, 4);
    Lab one(scenario_of(request));
    request.nodes = 2;
    request.gpus = 2;
    Lab two(scenario_of(request));
    vw_candidate inside = load_of(4, 8), spanning = inside;
    inside.gpus = 4;
    spanning.gpus = spanning.nodes = 2;
    // of two cards the link may be better than of four (PCIe): half the group is the bound
    vw_candidate pair = load_of(2, 8);
    pair.gpus = 2;
    INFO(gpu);
    CHECK(two.speed(spanning).tpot_ms * 2 >= one.speed(pair).tpot_ms);
    CHECK(two.speed(spanning).ttft_ms > 0);
    if (std::string(gpu) != "l40s") CHECK(two.speed(spanning).tpot_ms > one.speed(inside).tpot_ms);
  }
}

TEST_CASE("a simulation is repeated by its seed, and its percentiles are in order", "[perf]") {
  Lab lab(scenario_of(request_for("Qwen/Qwen3-8B", "h100-sxm5-80gb")));
  const Json first = lab.simulate(load_of(1, 16), {5, 1, 7});
  CHECK(first == lab.simulate(load_of(1, 16), {5, 1, 7}));
  CHECK(first != lab.simulate(load_of(1, 16), {5, 1, 8}));
  for (const char* metric : {"ttft_ms", "tpot_ms", "latency_ms"}) {
    CHECK(value(first, metric, "p50") <= value(first, metric, "p90"));
    CHECK(value(first, metric, "p90") <= value(first, metric, "p99"));
  }
}

TEST_CASE("requests that come together wait longer than requests that come one by one", "[perf]") {
  Lab lab(scenario_of(request_for("Qwen/Qwen3-8B", "h100-sxm5-80gb")));
  const Json alone = lab.simulate(load_of(1, 16), {4, 1, 1}), together = lab.simulate(load_of(1, 16), {4, 16, 1});
  CHECK(value(together, "ttft_ms", "p99") > 1.5 * value(alone, "ttft_ms", "p99"));
}

TEST_CASE("a rate that the server cannot keep up with makes a queue", "[perf]") {
  Lab lab(scenario_of(request_for("Qwen/Qwen3-8B", "h100-sxm5-80gb")));
  const Json slow = lab.simulate(load_of(1, 16), {2, 1, 1}), flooded = lab.simulate(load_of(1, 16), {1000, 1, 1});
  CHECK(slow.at("requests_per_s").get<double>() == Approx(2).epsilon(0.2));
  CHECK(flooded.at("requests_per_s").get<double>() < 200);
  CHECK(value(flooded, "ttft_ms", "p50") > 10 * value(slow, "ttft_ms", "p50"));
}

TEST_CASE("a KV cache that is too small for all evicts requests, which are answered all the same", "[perf]") {
  Lab lab(scenario_of(request_for("meta-llama/Llama-3.3-70B-Instruct", "h100-sxm5-80gb", 2)));
  vw_candidate load = load_of(2, 64);
  load.generated_tokens = 2048;
  const Json simulated = lab.simulate(load, {});
  CHECK(simulated.at("evictions").get<double>() > 0);
  CHECK(simulated.at("requests").get<double>() > 500);
}
