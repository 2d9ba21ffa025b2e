// What must hold for every model of the catalogue, on cards that were measured and cards that were not.
#include "perf/roofline_lab.hpp"
#include "support/catch.hpp"

#include <cmath>

using namespace vw;
using namespace vw::test;

namespace {

void check_triple(double low, double best, double high) {
  REQUIRE(std::isfinite(high));
  REQUIRE(best > 0);
  REQUIRE(low <= best);
  REQUIRE(best <= high);
}

void check_numbers(const vw_perf& perf) {
  check_triple(perf.tpot_low_ms, perf.tpot_ms, perf.tpot_high_ms);
  check_triple(perf.ttft_low_ms, perf.ttft_ms, perf.ttft_high_ms);
  check_triple(perf.output_low_tokens_per_s, perf.output_tokens_per_s, perf.output_high_tokens_per_s);
  check_triple(perf.requests_low_per_s, perf.requests_per_s, perf.requests_high_per_s);
  check_triple(perf.prefill_low_tokens_per_s, perf.prefill_tokens_per_s, perf.prefill_high_tokens_per_s);
  const double shares =
      perf.weights_share + perf.kv_share + perf.compute_share + perf.all_reduce_share + perf.overhead_share;
  REQUIRE(shares == Approx(1).margin(1e-9));
}

Scenario faster_memory(Scenario scenario, double factor) {
  Json& json = scenario.hardware.gpu.json;
  json["memory_bandwidth_gb_s"] = factor * json.at("memory_bandwidth_gb_s").get<double>();
  return scenario;
}

// Every model of the catalogue that can be planned; architectures that no family knows are left out.
const std::vector<Scenario>& catalogue() {
  static const std::vector<Scenario> scenarios = [] {
    std::vector<Scenario> made;
    const auto& catalog = shipped().catalog();
    for (const std::string& organisation : catalog.ids(table_kind::models))
      for (const Json& entry : catalog.table(table_kind::models, organisation)->at("entries")) try {
          made.push_back(scenario_of(request_for(entry.at("id"), "h100-sxm5-80gb", 8)));
        } catch (const Error&) {
          continue;
        }
    return made;
  }();
  return scenarios;
}

// Each model on one of the cards in turn.
template <class Check>
std::size_t for_catalogue(const std::vector<std::string>& gpus, Check check) {
  std::vector<Hardware> cards;
  for (const std::string& gpu : gpus)
    cards.push_back(scenario_of(request_for("meta-llama/Llama-3.1-8B-Instruct", gpu, 8)).hardware);
  std::size_t checked = 0;
  for (Scenario scenario : catalogue()) {
    scenario.hardware = cards[checked % cards.size()];
    INFO(scenario.model.id << " on " << scenario.hardware.gpu.name);
    check(scenario);
    ++checked;
  }
  return checked;
}

}  // namespace

TEST_CASE("speeds of every catalogue model are positive, finite and inside their intervals", "[perf]") {
  const std::size_t checked =
      for_catalogue({"h100-sxm5-80gb", "b200-sxm-180gb", "rtx-4090", "mi300x", "t4"}, [](const Scenario& scenario) {
        Lab lab(scenario);
        for (const std::uint32_t tensor : {1u, 4u}) check_numbers(lab.speed(load_of(tensor, 8)));
      });
  CHECK(checked > 300);
}

TEST_CASE("faster memory never slows a token down", "[perf]") {
  for_catalogue({"rtx-4090"}, [](const Scenario& scenario) {
    Lab lab(scenario), faster(faster_memory(scenario, 1.5));
    REQUIRE(faster.speed(load_of(4, 16)).tpot_ms <= lab.speed(load_of(4, 16)).tpot_ms);
  });
}

TEST_CASE("more users never lower the throughput of all before memory binds", "[perf]") {
  for_catalogue({"h200-sxm-141gb"}, [](const Scenario& scenario) {
    Lab lab(scenario);
    double before = 0;
    for (const std::uint64_t users : {1, 2, 4, 8, 16, 32, 64, 128}) {
      const vw_perf perf = lab.speed(load_of(8, users));
      if (perf.bottleneck == VW_BOUND_KV_CAPACITY) break;
      INFO(users << " users");
      REQUIRE(perf.output_tokens_per_s >= before);
      before = perf.output_tokens_per_s;
    }
  });
}

TEST_CASE("a token never comes faster than weights and KV cache are read at the peak of the card", "[perf]") {
  for_catalogue({"h100-sxm5-80gb", "arc-pro-b60", "mi300x"}, [](const Scenario& scenario) {
    Lab lab(scenario);
    for (const std::uint64_t users : {1, 64}) {
      const double limit_ms = lab.explain(load_of(4, users)).at("physical_limit_ms");
      REQUIRE(limit_ms > 0);
      REQUIRE(lab.speed(load_of(4, users)).tpot_ms >= limit_ms);
    }
  });
}

TEST_CASE("the physical limit of a dense model is its weights over the bandwidth", "[perf]") {
  for (const char* model : {"meta-llama/Llama-3.1-8B-Instruct", "Qwen/Qwen3-32B", "meta-llama/Llama-3.3-70B-Instruct"})
    for (const char* gpu : {"h100-sxm5-80gb", "b200-sxm-180gb", "l40s", "rtx-4090"}) {
      const Scenario scenario = scenario_of(request_for(model, gpu, 4));
      Lab lab(scenario);
      const double embedding = 2.0 * static_cast<double>(scenario.model.vocab_size * scenario.model.hidden_size) / 4;
      const double read = lab.memory(load_of(4, 1)).weights_low_bytes - embedding;
      INFO(model << " on " << gpu);
      const double bytes_per_s = *scenario.hardware.gpu.memory_bandwidth_gb_s * 1e9;
      CHECK(lab.explain(load_of(4, 1)).at("physical_limit_ms").get<double>() ==
            Approx(1e3 * read / bytes_per_s).epsilon(0.03));
    }
}

TEST_CASE("a card that was not measured takes a relative's efficiency, says so and is less certain", "[perf]") {
  Lab own(scenario_of(request_for("Qwen/Qwen3-8B", "l40s")));
  Lab related(scenario_of(request_for("Qwen/Qwen3-8B", "rtx-4090")));
  const vw_perf sure = own.speed(load_of(1, 1)), unsure = related.speed(load_of(1, 1));
  CHECK(unsure.tpot_high_ms / unsure.tpot_ms > sure.tpot_high_ms / sure.tpot_ms);
  const Json assumptions = related.explain(load_of(1, 1)).at("assumptions");
  CHECK(assumptions.at(0) == "NVIDIA GeForce RTX 4090 was not measured: the efficiency of l40s on its own peaks");
}

TEST_CASE("requests queue when the KV cache holds fewer than are sent", "[perf]") {
  Lab lab(scenario_of(request_for("meta-llama/Llama-3.3-70B-Instruct", "h100-sxm5-80gb", 2)));
  const vw_perf few = lab.speed(load_of(2, 1)), many = lab.speed(load_of(2, 200));
  CHECK(many.bottleneck == VW_BOUND_KV_CAPACITY);
  CHECK(many.ttft_ms > 50 * few.ttft_ms);
}

TEST_CASE("prefix hits shorten prompts, and accepted drafts shorten tokens", "[perf]") {
  Request request = request_for("Qwen/Qwen3-Next-80B-A3B-Instruct", "h200-sxm-141gb", 4);
  Lab plain(scenario_of(request));
  request.prefix_cache_hit = 0.75;
  Lab cached(scenario_of(request));
  vw_candidate long_prompt = load_of(4, 4);
  long_prompt.prompt_tokens = 6000;
  CHECK(cached.speed(long_prompt).ttft_ms < 0.75 * plain.speed(long_prompt).ttft_ms);
  request.prefix_cache_hit.reset();
  request.serving = {{"speculative", {{"method", "mtp"}, {"tokens", 2}}}};
  request.spec_acceptance = 0.9;
  Lab drafted(scenario_of(request));
  CHECK(drafted.speed(load_of(4, 4)).tpot_ms < 0.7 * plain.speed(load_of(4, 4)).tpot_ms);
}

TEST_CASE("the terms of a step add up to the step", "[perf]") {
  Lab lab(scenario_of(request_for("openai/gpt-oss-120b", "h100-sxm5-80gb", 2)));
  double parts_ms = 0, step_ms = 0;
  const Json explained = lab.explain(load_of(2, 16));
  for (const Json& term : explained.at("terms")) {
    const std::string name = term.at("name");
    if (name.starts_with("decode: ")) parts_ms += term.at("value").get<double>();
    if (name == "decode step") step_ms = term.at("value");
    CHECK(!term.at("source").get<std::string>().empty());
  }
  CHECK(parts_ms > 0);
  CHECK(step_ms > parts_ms);
  CHECK(step_ms < parts_ms + 1);
}

TEST_CASE("a prefix that is found more often never delays the first token", "[perf]") {
  for_catalogue({"h100-sxm5-80gb"}, [](Scenario scenario) {
    double before_ms = HUGE_VAL;
    for (const double hit : {0.0, 0.25, 0.5, 0.9, 1.0}) {
      scenario.request.prefix_cache_hit = hit;
      Lab lab(scenario);
      const double ttft_ms = lab.speed(load_of(4, 16)).ttft_ms;
      REQUIRE(ttft_ms <= before_ms);
      before_ms = ttft_ms;
    }
  });
}

TEST_CASE("drafts that are accepted more often never slow a token down", "[perf]") {
  Request request = request_for("Qwen/Qwen3-32B", "h100-sxm5-80gb", 2);
  request.serving = {{"speculative", {{"method", "ngram"}, {"tokens", 4}}}};
  double before_ms = HUGE_VAL;
  for (const double acceptance : {0.0, 0.3, 0.6, 0.9, 1.0}) {
    request.spec_acceptance = acceptance;
    Lab lab(scenario_of(request));
    const double tpot_ms = lab.speed(load_of(2, 8)).tpot_ms;
    CHECK(tpot_ms < before_ms);
    before_ms = tpot_ms;
  }
}

TEST_CASE("weights on the host are read over its link in every step, unless memory is shared", "[perf]") {
  const auto tpot_ms = [](const char* gpu, double gib) {
    Request request = request_for("Qwen/Qwen3-8B", gpu);
    if (gib > 0) request.serving = {{"cpu_offload_gib", gib}};
    Lab lab(scenario_of(request));
    return lab.speed(load_of(1, 1)).tpot_ms;
  };
  const double bytes = 4.0 * 1024 * 1024 * 1024, link_bytes_per_s = 32e9;  // 16 lanes of the fourth generation
  CHECK(tpot_ms("l40s", 4) - tpot_ms("l40s", 0) == Approx(1e3 * bytes / (0.8 * link_bytes_per_s)).epsilon(0.01));
  CHECK(tpot_ms("l40s", 8) > tpot_ms("l40s", 4));
  CHECK(tpot_ms("gh200-96gb", 4) - tpot_ms("gh200-96gb", 0) < 0.1 * (tpot_ms("l40s", 4) - tpot_ms("l40s", 0)));
  CHECK(tpot_ms("gb10", 4) == tpot_ms("gb10", 0));
}

TEST_CASE("copies that have no request to serve add no throughput", "[perf]") {
  Lab lab(scenario_of(request_for("meta-llama/Llama-3.1-8B-Instruct", "h100-sxm5-80gb", 8)));
  vw_candidate candidate = load_of(2, 1);
  candidate.gpus = 8;
  const double alone = lab.speed(candidate).output_tokens_per_s;
  candidate.data_parallel = 4;
  CHECK(lab.speed(candidate).output_tokens_per_s == Approx(alone));
  candidate.concurrency = 4;
  CHECK(lab.speed(candidate).output_tokens_per_s == Approx(4 * alone).epsilon(0.1));
}
