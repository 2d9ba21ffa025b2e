#include "facts/defaults.hpp"

#include "facts/request.hpp"

#include <algorithm>

namespace vw {
namespace {

constexpr std::int64_t most_tokens = std::int64_t{1} << 40;

RecommendationRules read_rules(const JsonReader& json) {
  RecommendationRules rules;
  rules.consumer_gpu_memory_utilization = json.at("consumer_gpu_memory_utilization").number(0.01, 1);
  const std::vector<JsonReader> usual = json.at("usual_gpu_memory_utilization").items();
  if (usual.size() != 2) json.at("usual_gpu_memory_utilization").fail("expected two numbers, lowest and highest");
  rules.lowest_usual_utilization = usual[0].number(0, 1);
  rules.highest_usual_utilization = usual[1].number(0, 1);
  rules.kv_pressure_for_fp8 = json.at("kv_pressure_for_fp8").number(0, 1);
  rules.least_batched_tokens = json.at("least_batched_tokens").integer(1, most_tokens);
  rules.least_searched_tokens = json.at("least_searched_tokens").integer(1, most_tokens);
  rules.least_gain = json.at("least_gain").number(0, 1);
  for (const auto& [mode, count] : json.at("extra_sequences").members())
    rules.extra_sequences[mode] = count.integer(0, 1000000);
  for (const auto& [mode, factor] : json.at("batched_tokens_factor").members())
    rules.batched_tokens_factor[mode] = factor.number(0, 1000);
  for (const JsonReader& tier : json.at("most_batched_tokens").items())
    rules.most_batched_tokens.emplace_back(tier.at("least_gib").number(0, 1e9),
                                           tier.at("value").integer(1, most_tokens));
  return rules;
}

std::map<std::string, double> numbers_of(const JsonReader& json, double most) {
  std::map<std::string, double> numbers;
  for (const auto& [name, number] : json.members()) numbers[name] = number.number(0, most);
  return numbers;
}

MendRules read_mend(const JsonReader& json) {
  if (json.is_null()) return {};
  return {json.at("margin_gib").number(0, 1000),
          json.at("least_context_tokens").integer(1, most_tokens),
          json.at("least_batched_tokens").integer(1, most_tokens),
          json.at("most_tensor_parallel").integer(1, 1000000),
          numbers_of(json.at("loss"), 1000),
          numbers_of(json.at("loss_of_all"), 1000)};
}

Repeatability read_repeatability(const JsonReader& json) {
  if (json.is_null()) return {};
  return {numbers_of(json.at("spread_gib"), 1e6), json.at("unified_spread_gib").number(0, 1e6)};
}

WatchRules read_watch(const JsonReader& json) {
  if (json.is_null()) return {};
  constexpr double most = 1e9;
  WatchRules rules;
  rules.probe = json.at("probe").string();
  rules.kv_cache_share = json.at("kv_cache_share").number(0, 1);
  rules.waiting_s = json.at("waiting_s").number(0, most);
  rules.least_requests = json.at("least_requests").number(0, most);
  rules.latency_factor = json.at("latency_factor").number(1, most);
  rules.memory_slack_gib = json.at("memory_slack_gib").number(0, most);
  rules.growth_samples = static_cast<std::size_t>(json.at("growth_samples").integer(3, 1000000));
  rules.growth_mib = json.at("growth_mib").number(0, most);
  rules.growth_fit = json.at("growth_fit").number(0, 1);
  return rules;
}

}  // namespace

std::int64_t RecommendationRules::batched_tokens_limit(double card_gib) const {
  std::int64_t limit = least_batched_tokens;
  double best_gib = -1;
  for (const auto& [least_gib, value] : most_batched_tokens) {
    if (card_gib < least_gib || least_gib < best_gib) continue;
    best_gib = least_gib;
    limit = value;
  }
  return std::max(limit, least_batched_tokens);
}

const std::string& Defaults::memory_model_of(const Request& request) const {
  return request.memory_model.empty() ? memory_model : request.memory_model;
}

const std::string& Defaults::perf_model_of(const Request& request) const {
  return request.perf_model.empty() ? perf_model : request.perf_model;
}

Defaults read_defaults(const Catalog& catalog) {
  const auto table = catalog.table(table_kind::defaults, "defaults");
  const JsonReader json(*table, "scripts/defaults.lua");
  return {json.at("memory_model").string(), json.at("perf_model").string(), json.at("report").string(),
          json.at("sources").strings(),     json.at("detectors").strings(), json.at("emit").strings(),
          read_rules(json.at("recommend")), read_mend(json.find("mend")),   read_repeatability(json.find("calibrate")),
          read_watch(json.find("watch"))};
}

}  // namespace vw
