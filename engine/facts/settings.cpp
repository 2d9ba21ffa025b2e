// The settings that hot parts are opened with: all that is constant for a run, as plugins/README.md and the contract of
// vw.memory_model list it.
#include "facts/scenario.hpp"

namespace vw {
namespace {

Json policy_of(const Request& request) {
  Json policy = Json::object();
  if (request.overhead_gib) policy["overhead_gib"] = *request.overhead_gib;
  if (request.fragmentation_factor) policy["fragmentation_factor"] = *request.fragmentation_factor;
  if (request.headroom_gib) policy["headroom_gib"] = *request.headroom_gib;
  if (request.spec_acceptance) policy["spec_acceptance"] = *request.spec_acceptance;
  if (request.prefix_cache_hit) policy["prefix_cache_hit"] = *request.prefix_cache_hit;
  return policy;
}

// What a release says of memory and defaults, without the names of its flags, which are half of it.
Json release_for_models(Json release) {
  for (const char* names : {"flags", "removed_flags", "later_flags", "doubtful_flags", "flag_syntax", "kv_cache_dtypes",
                            "quantizations", "flag_values", "mtp_methods", "architectures", "metrics"})
    release.erase(names);
  return release;
}

// How a format is stored; how it is recognised and sourced is of no use to a model.
Json for_models(Json format) {
  if (!format.is_object()) return format;
  for (const char* words : {"recognised_by", "sources", "vllm_names", "summary", "aliases", "accuracy_recovery"})
    format.erase(words);
  return format;
}

// The card as hot parts see it: all three totals, and no words that only people read.
Json card_for_models(const Hardware& hardware) {
  Json gpu = hardware.gpu.json;
  for (const char* words : {"aliases", "sources", "notes", "price_source", "mig_profiles"}) gpu.erase(words);
  const MemoryTotals& totals = hardware.totals;
  gpu["memory_mib"] = hardware.memory_mib;
  put_totals(totals, gpu);
  gpu["memory_cuda_source"] = totals.cuda.source;
  gpu["memory_held_mib"] = totals.held_mib;
  return gpu;
}

// Of the cards that are planned for. What the user says of a card's memory holds, whatever was logged of such cards.
Json corrections_for_models(const Scenario& scenario) {
  Json corrections = Json::array();
  for (const Correction& correction : scenario.corrections)
    for (const Hardware& card : scenario.all_cards()) {
      if (card.gpu.id != correction.gpu) continue;
      corrections.push_back(to_json(correction));
      if (scenario.request.vram_gib) corrections.back().erase("total_gib");
      break;
    }
  return corrections;
}

}  // namespace

std::span<const Hardware> Scenario::all_cards() const {
  return cards.empty() ? std::span(&hardware, 1) : std::span(cards);
}

const Correction* Scenario::correction() const {
  for (const Correction& one : corrections)
    if (one.gpu == hardware.gpu.id) return &one;
  return nullptr;
}

Json Scenario::settings(const StoredModel& stored) const {
  const Model& described = stored.model;
  Json settings = {{"model", described.normal_form},
                   {"params", described.params},
                   {"active_params", described.active_params},
                   {"gpus", Json::array()},
                   {"formats", Json::array()},
                   {"kv_formats", Json::array()},
                   {"stored_formats", Json::array()},
                   {"releases", Json::array({release_for_models(release.json)})}};
  for (const Hardware& card : all_cards()) settings["gpus"].push_back(card_for_models(card));
  for (const WeightChoice& choice : weights) settings["formats"].push_back(for_models(choice.format.json));
  for (const Format& format : kv_formats) settings["kv_formats"].push_back(for_models(format.json));
  for (const Json& format : stored.stored_formats) settings["stored_formats"].push_back(for_models(format));
  if (!described.architecture.empty()) settings["model"]["architecture"] = described.architecture;
  if (!serving.empty()) settings["serving"] = serving;
  if (Json corrected = corrections_for_models(*this); !corrected.empty())
    settings["corrections"] = std::move(corrected);
  settings["dtype"] = dtype;
  settings["link"] = hardware.link;
  settings["policy"] = policy_of(request);
  settings["memory_used_mib"] = hardware.memory_used_mib;
  if (described.exact_weights_bytes) settings["weights_bytes"] = *described.exact_weights_bytes;
  if (described.is_quantized() && !described.declared_format.empty() && !described.is_estimated)
    settings["stored_weights_bytes"] = stored.weights_bytes;
  return settings;
}

}  // namespace vw
