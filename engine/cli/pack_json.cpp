// cli: the JSON of `pack`.
#include "base/units.hpp"
#include "cli/pack_report.hpp"

#include <algorithm>

namespace vw::cli {
namespace {

const char* verdict_of(const Packing& packing) {
  return packing.fit == Packing::Fit::yes ? "fits" : packing.fit == Packing::Fit::tightly ? "tightly" : "does-not-fit";
}

Json share_or_null(const std::optional<Share>& share) { return share ? Json(ratio_of(*share)) : Json(nullptr); }

// Of a format, against 16 bit; null: nobody published it.
Json accuracy_of(const Format& format) {
  if (format.is_plain()) return {{"share", 1.0}, {"of", "16 bit, by definition"}, {"source", nullptr}};
  return format.json.value("accuracy_recovery", Json(nullptr));
}

Json demand_json(const Demand& demand) {
  return {{"least_share", share_or_null(demand.least)},   {"safe_share", share_or_null(demand.safe)},
          {"most_share", ratio_of(demand.most)},          {"outside_share", ratio_of(demand.outside)},
          {"share_of_a_round", ratio_of(demand.of_more)}, {"missing_gib", to_gib(demand.missing_bytes)},
          {"is_supported", demand.is_supported}};
}

std::int64_t launch_of(const Packing& packing, std::size_t at) {
  const auto& order = packing.launch_order;
  return std::find(order.begin(), order.end(), at) - order.begin() + 1;
}

// Where it stands, what it serves; without a plan.
Json seat_json(const SharedGround& ground, const PackedSet& set, std::size_t at) {
  const Seat& seat = set.packing.seats[at];
  const vw_memory& memory = seat.memory;
  return {{"cards", seat.cards},
          {"launch", launch_of(set.packing, at)},
          {"port", first_port + static_cast<std::int64_t>(at)},
          {"share", ratio_of(seat.share)},
          {"gpu_memory_utilization", utilization_of(ground, set, at)},
          {"budget_gib", set.packing.gib_of(seat.share)},
          {"outside_gib", set.packing.gib_of(seat.outside)},
          {"context_tokens", seat.served.context_tokens},
          {"requests", seat.served.concurrency},
          {"requests_in_share", seat.most_sequences},
          {"requests_of_all", set.most_requests[at] > 0 ? Json(set.most_requests[at]) : Json(nullptr)},
          {"max_num_seqs", seat.candidate.max_sequences},
          {"max_num_batched_tokens", seat.candidate.max_batched_tokens},
          {"kv_cache_tokens", memory.kv_tokens},
          {"weights_gib", to_gib(memory.weights_bytes)},
          {"overhead_gib", to_gib(memory.overhead_bytes)},
          {"kv_cache_gib", to_gib(memory.kv_available_bytes)}};
}

Json model_json(const SharedGround& ground, const PackedSet& set, std::size_t at) {
  const SharedModel& model = set.models[at];
  const Tenant& tenant = set.tenants[at];
  const WeightChoice& weights = tenant.weights();
  Json obstacles = Json::array();
  for (const Obstacle& obstacle : tenant.scenario.obstacles)
    obstacles.push_back({{"what", obstacle.what}, {"why", obstacle.why}});
  Json json = {{"name", model.name},
               {"asked",
                {{"model", model.model},
                 {"context_tokens", or_null(tenant.context_tokens)},
                 {"requests", or_null(tenant.concurrency)},
                 {"share", or_null(tenant.share)}}},
               {"model", weights.checkpoint.empty() ? tenant.scenario.model.id : weights.checkpoint},
               {"weights_format", weights.format.id},
               {"accuracy_recovery", accuracy_of(weights.format)},
               {"tensor_parallel_size", tenant.scenario.request.tensor_parallel.value_or(1)},
               {"demand", demand_json(set.packing.demands[at])},
               {"obstacles", obstacles}};
  if (set.packing.seats.size() > at) json.update(seat_json(ground, set, at));
  return json;
}

Json cards_json(const Packing& packing) {
  Json cards = Json::array();
  for (std::size_t at = 0; at < packing.cards.size(); ++at) {
    const Card& card = packing.cards[at];
    cards.push_back({{"card", at},
                     {"shares", ratio_of(card.shares)},
                     {"outside", ratio_of(card.outside)},
                     {"shares_gib", packing.gib_of(card.shares)},
                     {"outside_gib", packing.gib_of(card.outside)},
                     {"headroom_gib", packing.gib_of(packing.headroom(at))}});
  }
  return cards;
}

Json set_json(const SharedGround& ground, const PackedSet& set) {
  const Packing& packing = set.packing;
  Json models = Json::array();
  for (std::size_t at = 0; at < set.models.size(); ++at) models.push_back(model_json(ground, set, at));
  return {{"fits", packing.fits()},
          {"verdict", verdict_of(packing)},
          {"missing_gib", packing.missing > 0 ? Json(packing.gib_of(packing.missing)) : Json(nullptr)},
          {"cards", cards_json(packing)},
          {"models", std::move(models)}};
}

Json alternative_json(const SharedGround& ground, const PackAlternative& alternative) {
  Json json = {{"what", alternative.what}, {"why_not", nullptr}};
  if (alternative.set.tenants.empty())
    json["why_not"] = alternative.why;
  else
    json.update(set_json(ground, alternative.set));
  return json;
}

}  // namespace

double utilization_of(const SharedGround& ground, const PackedSet& set, std::size_t at) {
  return utilization_flag(ground.release, set.packing.seats[at], set.packing.held());
}

Json pack_json(const PackReport& report) {
  const PackedSet& set = report.set;
  const Hardware& hardware = report.ground.hardware;
  Json json = {{"schema", "vllm-wizard/pack/1"}, {"vllm_version", report.ground.release.version}};
  json["hardware"] = {{"gpu", hardware.gpu.id},
                      {"gpu_name", hardware.gpu.name},
                      {"gpus", hardware.gpus_per_node},
                      {"detected", hardware.is_detected},
                      {"total_gib", to_gib(set.packing.total_bytes)},
                      {"held_gib", set.packing.gib_of(set.packing.held())},
                      {"free_gib", set.packing.gib_of(set.packing.free)},
                      {"most_utilization", ratio_of(set.packing.most_shares)}};
  json.update(set_json(report.ground, set));
  for (std::size_t at = 0; at < report.servers.size(); ++at) {
    json["models"][at]["command"] = report.commands[at];
    json["models"][at]["plan"] = report.servers[at].input.request().at("plan");
  }
  json["alternatives"] = Json::array();
  for (const PackAlternative& alternative : report.alternatives)
    json["alternatives"].push_back(alternative_json(report.ground, alternative));
  return json;
}

}  // namespace vw::cli
