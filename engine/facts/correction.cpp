#include "facts/correction.hpp"

#include <array>

namespace vw {
namespace {

constexpr std::array part_names{"weights", "activation", "non_torch", "cuda_graph"};
constexpr double most_gib = 1e6;
constexpr std::int64_t most_count = std::int64_t{1} << 40;

std::optional<double> number_of(const JsonReader& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  return json.at(key).number(0, most_gib);
}

std::optional<std::int64_t> count_of(const JsonReader& json, const char* key) {
  if (!json.has(key)) return std::nullopt;
  return json.at(key).integer(1, most_count);
}

Json to_json(const CorrectedPart& part) {
  Json json = Json::object();
  if (part.ratio != 1) json["ratio"] = part.ratio;
  if (part.add_gib != 0) json["add_gib"] = part.add_gib;
  if (part.spread_gib) json["spread_gib"] = *part.spread_gib;
  return json;
}

}  // namespace

Correction read_correction(const JsonReader& table) {
  Correction read;
  read.id = table.at("id").string();
  read.summary = table.string_or("summary", "");
  if (table.has("sources")) read.sources = table.at("sources").strings();
  read.memory_model = table.at("memory_model").string();
  read.gpu = table.at("gpu").string();
  read.family = table.at("family").string();
  read.release = table.at("release").string();
  read.total_gib = number_of(table, "total_gib");
  const JsonReader load = table.at("load");
  read.tensor_parallel = load.at("tensor_parallel").integer(1, most_count);
  read.pipeline_parallel = load.at("pipeline_parallel").integer(1, most_count);
  read.max_num_seqs = count_of(load, "max_num_seqs");
  read.max_num_batched_tokens = count_of(load, "max_num_batched_tokens");
  read.enforce_eager = load.boolean_or("enforce_eager", false);
  const JsonReader parts = table.at("parts");
  for (const char* name : part_names) {
    if (!parts.has(name)) continue;
    const JsonReader part = parts.at(name);
    read.parts[name] = {part.number_or("ratio", 1, 0.01, 100), part.number_or("add_gib", 0, -most_gib, most_gib),
                        number_of(part, "spread_gib")};
  }
  read.kv_cache_spread_gib = number_of(table, "kv_cache_spread_gib");
  return read;
}

Json to_json(const Correction& correction) {
  Json load = {{"tensor_parallel", correction.tensor_parallel}, {"pipeline_parallel", correction.pipeline_parallel}};
  if (correction.max_num_seqs) load["max_num_seqs"] = *correction.max_num_seqs;
  if (correction.max_num_batched_tokens) load["max_num_batched_tokens"] = *correction.max_num_batched_tokens;
  if (correction.enforce_eager) load["enforce_eager"] = true;
  Json json = {{"id", correction.id},         {"memory_model", correction.memory_model}, {"gpu", correction.gpu},
               {"family", correction.family}, {"release", correction.release},           {"load", load},
               {"parts", Json::object()}};
  if (!correction.summary.empty()) json["summary"] = correction.summary;
  if (!correction.sources.empty()) json["sources"] = correction.sources;
  if (correction.total_gib) json["total_gib"] = *correction.total_gib;
  for (const auto& [name, part] : correction.parts) json["parts"][name] = to_json(part);
  if (correction.kv_cache_spread_gib) json["kv_cache_spread_gib"] = *correction.kv_cache_spread_gib;
  return json;
}

std::vector<Correction> corrections_for(const Catalog& catalog, const CorrectionQuestion& question) {
  std::map<std::string, Correction> by_card;
  for (const std::string& id : catalog.ids_mentioning(table_kind::correction, question.release)) {
    const std::vector<TableLayer> layers = catalog.layers(table_kind::correction, id);
    if (layers.empty()) continue;  // the user's own, and refused with a warning
    Correction correction = read_correction(JsonReader(*layers.front().table, "correction '" + id + "'"));
    const bool is_meant = correction.memory_model == question.memory_model && correction.family == question.family &&
                          correction.release == question.release;
    if (is_meant) by_card[correction.gpu] = std::move(correction);
  }
  std::vector<Correction> corrections;
  for (auto& [card, correction] : by_card) corrections.push_back(std::move(correction));
  return corrections;
}

}  // namespace vw
