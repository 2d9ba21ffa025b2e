// A scenario made by hand, and memory and performance models made of functions, for the tests of planning.
#pragma once

#include "plan/plan.hpp"
#include "support/fake_part.hpp"
#include "support/sample_model.hpp"

#include <functional>
#include <string>

namespace vw::test {

inline Format plain_format(const std::string& id, double bits) {
  Format format;
  format.id = id;
  format.dtype = id;
  format.json = {{"id", id}, {"weights", {{"bits", bits}}}};
  format.classic_bytes_per_parameter = bits / 8;
  return format;
}

inline Format kv_format(const std::string& id, double bits) {
  Format format;
  format.id = id;
  format.kv = KvFormat{bits, id, {}};
  format.json = {{"id", id}, {"kv", {{"bits", bits}}}};
  return format;
}

// "auto" for the KV cache, as facts makes it.
inline Format automatic_kv() {
  Format format;
  format.id = "auto";
  format.json = {{"id", "auto"}};
  return format;
}

inline RecommendationRules sample_rules() {
  RecommendationRules rules;
  rules.consumer_gpu_memory_utilization = 0.88;
  rules.lowest_usual_utilization = 0.5;
  rules.highest_usual_utilization = 0.98;
  rules.kv_pressure_for_fp8 = 0.40;
  rules.extra_sequences = {{"throughput", 4}, {"balanced", 2}, {"latency", 0}};
  rules.batched_tokens_factor = {{"throughput", 1.5}, {"balanced", 1.25}, {"latency", 1.0}};
  rules.least_batched_tokens = 8192;
  rules.most_batched_tokens = {{40, 65536}, {20, 32768}, {0, 16384}};
  rules.least_searched_tokens = 2048;
  rules.least_gain = 0.02;
  return rules;
}

inline Gpu sample_gpu() {
  Gpu gpu;
  gpu.id = "lab-1";
  gpu.name = "Lab 1";
  gpu.product = "Lab 1";
  gpu.vendor = "Lab";
  gpu.market = "datacenter";
  gpu.compute_capability = 9.0;
  gpu.memory_mib = 24576;
  gpu.link_type = "nvlink";
  gpu.vllm = "supported";
  gpu.json = {{"id", "lab-1"}, {"name", "Lab 1"}, {"memory_mib", 24576}};
  return gpu;
}

// The sample model on one card of 24 GiB, in bf16, asked for 1000 + 24 tokens.
inline Scenario sample_scenario() {
  Scenario scenario;
  scenario.request.model = "org/sample";
  scenario.request.prompt_tokens = 1000;
  scenario.request.generated_tokens = 24;
  scenario.model = read_normal_form(sample_form(), "sample");
  scenario.model.id = "org/sample";
  scenario.model.source = "shelf";
  scenario.hardware.gpu = sample_gpu();
  scenario.hardware.memory_mib = 24576;
  scenario.hardware.link = "nvlink";
  scenario.release.version = "0.31";
  scenario.release.table = "0.28.0";
  scenario.release.gpu_memory_utilization = 0.92;
  scenario.release.json = {{"id", "0.28.0"}, {"defaults", {{"max_num_batched_tokens", 2048}}}};
  scenario.own_batched_tokens = 2048;
  scenario.dtype = scenario.running_dtype = "bf16";
  scenario.weights = {{plain_format("bf16", 16), "", ""}};
  scenario.kv_formats = {automatic_kv()};
  scenario.rules = sample_rules();
  scenario.weights_bytes = 2334720;
  return scenario;
}

// A card of 100 units (GiB): weights take `weights` of them, every token of every sequence `per_token`. Formats after
// the first halve the weights, KV formats after the first halve the tokens; both are divided by tensor parallel.
struct Units {
  double weights = 10, per_token = 0.01, capacity = 100, overhead = 0;
};

inline vw_memory by_units(const Units& units, const vw_candidate& candidate) {
  constexpr double gib = 1073741824.0;
  const double parallel = candidate.tensor_parallel;
  vw_memory memory{};
  memory.capacity_bytes = units.capacity * gib * candidate.utilization;
  memory.total_bytes = units.capacity * gib;
  memory.weights_bytes = units.weights * gib / (candidate.format > 0 ? 2 : 1) / parallel;
  memory.overhead_bytes = units.overhead * gib;
  memory.kv_required_bytes = units.per_token * gib / (candidate.kv_format > 0 ? 2 : 1) / parallel *
                             static_cast<double>(candidate.context_tokens) * static_cast<double>(candidate.concurrency);
  return memory;
}

inline Part memory_part(std::function<vw_memory(const vw_candidate&)> estimate, Json policy = nullptr,
                        Json explain = nullptr) {
  Fake fake;
  fake.kind = VW_KIND_MEMORY_MODEL;
  fake.memory = std::move(estimate);
  if (!policy.is_null() || !explain.is_null())
    fake.ask = [policy = std::move(policy), explain = std::move(explain)](const std::string& request) {
      return Json::parse(request).at("verb") == "policy" ? policy.dump() : explain.dump();
    };
  return make_part(std::move(fake));
}

inline Part memory_part(const Units& units) {
  return memory_part([units](const vw_candidate& candidate) { return by_units(units, candidate); });
}

// Prefill at 1000 tokens/s, decode at 50.
inline Part perf_part() {
  Fake fake;
  fake.kind = VW_KIND_PERF_HEURISTIC;
  fake.perf = [](const vw_candidate& candidate, const vw_memory&) {
    vw_perf perf{};
    perf.ttft_ms = static_cast<double>(candidate.prompt_tokens);
    perf.tpot_ms = 20;
    perf.decode_tokens_per_s = 50;
    perf.prefill_tokens_per_s = 1000;
    return perf;
  };
  return make_part(std::move(fake));
}

inline Plan plan_with(const Scenario& scenario, const Part& memory_model) {
  MemoryJudge memory(memory_model, scenario);
  PerfJudge perf(perf_part(), scenario);
  return make_plan(scenario, memory, perf);
}

inline Plan plan_with(const Scenario& scenario, const Units& units) { return plan_with(scenario, memory_part(units)); }

}  // namespace vw::test
