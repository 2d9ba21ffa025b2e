#include "plan/judge.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "parts/rows.hpp"

#include <map>
#include <memory>

namespace vw {
namespace {

Policy read_policy(Instance& instance) {
  Policy policy;
  if (!instance.part().can_ask()) return policy;
  const Json reply = instance.ask({{"verb", "policy"}});
  if (!reply.is_object()) return policy;
  const JsonReader json(reply, instance.part().label() + ": policy");
  policy.gpu_memory_utilization = json.number_or("gpu_memory_utilization", 0, 0, 1);
  policy.headroom_gib = json.number_or("headroom_gib", 0, 0, 1e6);
  policy.fragmentation_factor = json.number_or("fragmentation_factor", 1, 1, 2);
  policy.reads_corrections = json.boolean_or("reads_corrections", false);
  return policy;
}

// A part that leaves the verdict at "by bytes" wants the plain comparison.
void decide_by_bytes(vw_memory& memory, double headroom_gib) {
  if (memory.verdict != VW_VERDICT_BY_BYTES) return;
  const double without_kv = memory.capacity_bytes - memory.weights_bytes - memory.overhead_bytes;
  const double wanted = from_gib(headroom_gib);
  memory.headroom_bytes = without_kv - memory.kv_required_bytes;
  memory.verdict = memory.headroom_bytes >= wanted ? VW_FITS : VW_DOES_NOT_FIT;
  if (memory.verdict == VW_FITS) return;
  memory.reason = without_kv < 0              ? VW_REASON_WEIGHTS_EXCEED_CAPACITY
                  : memory.headroom_bytes < 0 ? VW_REASON_KV_CACHE_EXCEEDS_CAPACITY
                                              : VW_REASON_HEADROOM_TOO_SMALL;
  memory.reason_value = without_kv < 0              ? -without_kv
                        : memory.headroom_bytes < 0 ? -memory.headroom_bytes
                                                    : wanted - memory.headroom_bytes;
}

Json row_json(const void* row, std::span<const RowField> fields) {
  Json json = Json::object();
  for (const RowField& field : fields) {
    const double value = read_field(row, field);
    if (field.type == RowField::Type::f64)
      json[field.name] = value;
    else
      json[field.name] = static_cast<std::uint64_t>(value);
  }
  return json;
}

// With what was measured of the cards, and the version that is planned: a table holds for several.
Json settings_with(const Scenario& scenario, const StoredModel& stored, const EfficiencyOf& efficiency_of) {
  Json settings = scenario.settings(stored);
  if (!efficiency_of) return settings;
  const auto cards = scenario.all_cards();
  std::map<std::string, std::shared_ptr<const Json>> records;
  for (std::size_t at = 0; at < cards.size(); ++at) {
    const Efficiency efficiency = efficiency_of(cards[at].gpu);
    if (efficiency.record == nullptr) return settings;
    const std::string& measured = records.emplace(efficiency.record->at("gpu"), efficiency.record).first->first;
    settings["gpus"][at]["efficiency"] = {{"gpu", measured}, {"related_by", efficiency.related_by}};
    if (at == 0) settings["serving_costs"] = *efficiency.serving_costs;
  }
  for (const auto& [gpu, record] : records) settings["efficiency"][gpu] = *record;
  if (!scenario.release.version.empty()) settings["releases"][0]["version"] = scenario.release.version;
  return settings;
}

Json explain_with(Instance& instance, const Json& question) {
  Json empty = {{"terms", Json::array()}, {"warnings", Json::array()}, {"assumptions", Json::array()}};
  if (!instance.part().can_ask()) return empty;
  const Json reply = instance.ask(question);
  if (reply.is_object()) empty.update(reply);
  return empty;
}

}  // namespace

bool fits(const vw_memory& memory) { return memory.verdict == VW_FITS; }

bool is_short_of_memory(const vw_memory& memory) {
  return memory.reason == VW_REASON_KV_CACHE_EXCEEDS_CAPACITY || memory.reason == VW_REASON_WEIGHTS_EXCEED_CAPACITY;
}

bool has_interval(const vw_memory& memory) { return memory.kv_available_high_bytes > memory.kv_available_low_bytes; }

bool fits_at_low_end(const vw_memory& memory) {
  return fits(memory) && (!has_interval(memory) || memory.kv_available_low_bytes >= memory.kv_required_bytes);
}

bool is_tight(const vw_memory& memory) {
  return has_interval(memory) && (fits(memory) || is_short_of_memory(memory)) &&
         memory.kv_available_low_bytes < memory.kv_required_bytes &&
         memory.kv_available_high_bytes >= memory.kv_required_bytes;
}

double kv_pressure(const vw_memory& memory) {
  return memory.capacity_bytes > 0 ? memory.kv_required_bytes / memory.capacity_bytes : 0;
}

Json to_json(const vw_candidate& candidate) { return row_json(&candidate, candidate_fields()); }
Json to_json(const vw_memory& memory) { return row_json(&memory, memory_fields()); }

Instances::Instances(const Part& part, const Scenario& scenario, const EfficiencyOf& efficiency_of) {
  opened_.push_back(part.open(settings_with(scenario, scenario, efficiency_of)));
  for (const WeightChoice& choice : scenario.weights) {
    by_format_.push_back(choice.own ? opened_.size() : 0);
    if (choice.own) opened_.push_back(part.open(settings_with(scenario, *choice.own, efficiency_of)));
  }
}

MemoryJudge::MemoryJudge(const Part& part, const Scenario& scenario)
    : instances_(part, scenario), policy_(read_policy(instances_.first())) {
  const Request& request = scenario.request;
  if (request.headroom_gib) policy_.headroom_gib = *request.headroom_gib;
  if (request.fragmentation_factor) policy_.fragmentation_factor = *request.fragmentation_factor;
}

void MemoryJudge::judge(std::span<const vw_candidate> candidates, std::span<vw_memory> results) {
  for_runs(instances_, candidates, [&](Instance& instance, std::size_t begin, std::size_t count) {
    instance.evaluate(candidates.subspan(begin, count), results.subspan(begin, count));
  });
  for (vw_memory& memory : results) decide_by_bytes(memory, policy_.headroom_gib);
}

vw_memory MemoryJudge::judge(const vw_candidate& candidate) {
  vw_memory memory{};
  judge({&candidate, 1}, {&memory, 1});
  return memory;
}

Json MemoryJudge::explain(const vw_candidate& candidate) {
  return explain_with(instances_.of(candidate), {{"verb", "explain"}, {"candidate", to_json(candidate)}});
}

PerfJudge::PerfJudge(const Part& part, const Scenario& scenario, const EfficiencyOf& efficiency_of)
    : instances_(part, scenario, efficiency_of) {}

vw_perf PerfJudge::judge(const vw_candidate& candidate, const vw_memory& memory) {
  vw_perf perf{};
  instances_.of(candidate).evaluate({&candidate, 1}, {&memory, 1}, {&perf, 1});
  return perf;
}

Json PerfJudge::explain(const vw_candidate& candidate, const vw_memory& memory) {
  return explain_with(instances_.of(candidate),
                      {{"verb", "explain"}, {"candidate", to_json(candidate)}, {"memory", to_json(memory)}});
}

Json PerfJudge::benchmark(const vw_candidate& candidate, const vw_memory& memory, double prompt_tokens,
                          double generated_tokens) {
  return instances_.of(candidate).ask({{"verb", "benchmark"},
                                       {"candidate", to_json(candidate)},
                                       {"memory", to_json(memory)},
                                       {"prompt_tokens", prompt_tokens},
                                       {"generated_tokens", generated_tokens}});
}

Json PerfJudge::simulate(const vw_candidate& candidate, const vw_memory& memory, const Arrivals& arrivals) {
  if (!part().can_ask()) throw Error(part().label(), "cannot simulate, expected a performance heuristic that can");
  return instances_.of(candidate).ask({{"verb", "simulate"},
                                       {"candidate", to_json(candidate)},
                                       {"memory", to_json(memory)},
                                       {"request_rate_per_s", arrivals.rate_per_s},
                                       {"burst_requests", arrivals.burst_requests},
                                       {"seed", arrivals.seed}});
}

}  // namespace vw
