#include "plan/formats.hpp"

#include "base/units.hpp"
#include "plan/objective.hpp"
#include "plan/solve.hpp"

#include <algorithm>

namespace vw {
namespace {

WeighedFormats weighed(const Scenario& scenario, const vw_candidate& as_judged, MemoryJudge& memory, PerfJudge& perf) {
  WeighedFormats result;
  result.candidate = with_best_limits(scenario, as_judged, memory, perf).candidate;
  result.memory = memory.judge(result.candidate);
  result.most_sequences = most_sequences_of(memory, result.candidate, result.memory);
  if (!fits(result.memory)) return result;
  if (const auto found = timed(scenario.request, result.candidate, result.memory, perf)) result.perf = found->perf;
  return result;
}

Json speed_json(const Request& request, const std::optional<vw_perf>& perf) {
  if (!perf) return {{"tpot_ms", nullptr}, {"output_tokens_per_s", nullptr}, {"latency_ms", nullptr}};
  return {{"tpot_ms", perf->tpot_ms},
          {"output_tokens_per_s", perf->output_tokens_per_s},
          {"latency_ms", request_ms(request, *perf)}};
}

Json way_json(const Scenario& scenario, const Plan& plan, const WeighedFormats& way) {
  const WeightChoice& weights = scenario.weights[way.candidate.format];
  const auto gib = [&](double bytes) { return to_gib(over_group(way.candidate, way.memory, bytes)); };
  const bool is_own = weights.checkpoint.empty();
  const vw_candidate& runs = plan.recommended.candidate;
  const Format& kv = scenario.kv_formats[way.candidate.kv_format];
  const bool is_fp8 = !kv.kv && brings_fp8_kv(weights.own ? weights.own->model : scenario.model, scenario.release);
  Json json = {{"weights_format", weights.format.id},
               {"checkpoint", is_own ? Json(nullptr) : Json(weights.checkpoint)},
               {"made_at_load", is_own && !weights.flag.empty()},
               {"read", is_own || weights.own != nullptr},
               {"kv_cache_format", kv.id},
               {"kv_cache_declared", is_fp8 ? Json("fp8") : Json(nullptr)},
               {"fits", fits(way.memory)},
               {"weights_gb", gib(way.memory.weights_bytes)},
               {"headroom_gb", std::max(gib(way.memory.headroom_bytes), 0.0)},
               {"shortfall_gb", std::max(-gib(way.memory.headroom_bytes), 0.0)},
               {"max_concurrency_at_context", static_cast<std::int64_t>(way.most_sequences)},
               {"max_num_batched_tokens", way.candidate.max_batched_tokens},
               {"chosen", way.candidate.format == runs.format && way.candidate.kv_format == runs.kv_format}};
  json.update(speed_json(scenario.request, way.perf));
  return json;
}

}  // namespace

std::vector<WeighedFormats> weigh_formats(const Scenario& scenario, const Plan& plan, MemoryJudge& memory,
                                          PerfJudge& perf) {
  std::vector<WeighedFormats> ways;
  if (!plan.recommended.is_supported) return ways;
  vw_candidate candidate = running_candidate(scenario, plan);
  const std::uint32_t most_bits = candidate.kv_format, fewest_bits = scenario.smaller_kv().value_or(most_bits);
  for (; candidate.format < scenario.weights.size(); ++candidate.format)
    for (candidate.kv_format = most_bits; candidate.kv_format <= fewest_bits; ++candidate.kv_format)
      ways.push_back(weighed(scenario, candidate, memory, perf));
  return ways;
}

Json to_json(const Scenario& scenario, const Plan& plan, const std::vector<WeighedFormats>& weighed) {
  Json ways = Json::array(), refused = Json::array();
  for (const WeighedFormats& way : weighed) ways.push_back(way_json(scenario, plan, way));
  for (const RefusedWeights& other : scenario.refused_weights)
    refused.push_back({{"weights_format", other.format},
                       {"checkpoint", other.checkpoint.empty() ? Json(nullptr) : Json(other.checkpoint)},
                       {"why", other.why}});
  return {{"context_tokens", plan.candidate.context_tokens},
          {"concurrency", scenario.request.concurrency},
          {"ways", ways},
          {"refused", refused}};
}

}  // namespace vw
