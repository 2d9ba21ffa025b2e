#include "facts/format.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

namespace vw {
namespace {

constexpr double most_bits = 1024;

std::vector<std::string> strings_of(const JsonReader& table, const char* key) {
  return table.has(key) ? table.at(key).strings() : std::vector<std::string>{};
}

Format read_format(const Json& json, const std::string& id) {
  const JsonReader table(json, "quantization " + quote(id));
  Format format;
  format.id = id;
  format.summary = table.string_or("summary", "");
  format.vllm_names = strings_of(table, "vllm_names");
  format.aliases = strings_of(table, "aliases");
  format.keeps_16_bit = strings_of(table, "keeps_16_bit");
  format.flag = table.string_or("flag", "");
  format.dtype = table.string_or("dtype", "");
  format.applies_to = table.string_or("applies_to", "none");
  format.from_16_bit = table.boolean_or("from_16_bit", false);
  if (table.has("classic_bytes_per_parameter"))
    format.classic_bytes_per_parameter = table.at("classic_bytes_per_parameter").number(0.01, 16);
  format.needs = read_needs(table);
  if (table.has("kv")) {
    const JsonReader kv = table.at("kv");
    format.kv = KvFormat{kv.at("bits").number(0.5, most_bits), kv.string_or("vllm_name", id), read_needs(kv)};
  }
  format.json = json;
  return format;
}

// Resolves an id or alias to the id of a table; empty when unknown. Aliases need all formats loaded: asked second.
std::string resolve_alias(const Catalog& catalog, const std::string& text) {
  if (catalog.has(table_kind::quantization, text)) return text;
  for (const std::string& id : catalog.ids(table_kind::quantization)) {
    const Json& json = *catalog.table(table_kind::quantization, id);
    if (!json.contains("aliases")) continue;
    for (const Json& alias : json.at("aliases"))
      if (alias == text) return id;
  }
  return "";
}

// Walks a dotted path ('*' takes any member) and reports whether any end equals `wanted` (true: is present).
bool matches(const Json& value, const std::vector<std::string>& path, std::size_t depth, const Json& wanted) {
  if (depth == path.size()) {
    if (wanted == true) return !value.is_null() && value != false;
    if (value.is_number() && wanted.is_number()) return value.get<double>() == wanted.get<double>();
    return value == wanted;
  }
  if (!value.is_object() && !value.is_array()) return false;
  if (path[depth] == "*") {
    return std::any_of(value.begin(), value.end(),
                       [&](const Json& member) { return matches(member, path, depth + 1, wanted); });
  }
  if (!value.is_object() || !value.contains(path[depth])) return false;
  return matches(value.at(path[depth]), path, depth + 1, wanted);
}

// Number of conditions when all hold, else -1.
int specificity(const Json& conditions, const Json& declared) {
  for (const auto& [path, wanted] : conditions.items())
    if (!matches(declared, split(path, '.'), 0, wanted)) return -1;
  return static_cast<int>(conditions.size());
}

// Formats whose scripts name the method or algorithm that a checkpoint declares: reading words is cheaper than running
// every script.
std::vector<std::string> ids_naming_method(const Catalog& catalog, const Json& declared) {
  std::set<std::string> ids;
  for (const char* path :
       {"/quant_method", "/quant_algo", "/hf_quant_config/quant_algo", "/hf_quant_config/quantization/quant_algo"}) {
    const Json::json_pointer at(path);
    if (!declared.contains(at) || !declared.at(at).is_string()) continue;
    for (std::string& id : catalog.ids_mentioning(table_kind::quantization, declared.at(at).get<std::string>()))
      ids.insert(std::move(id));
  }
  return {ids.begin(), ids.end()};
}

// The format with the most conditions that hold; empty: none.
std::string best_match(const Catalog& catalog, const std::vector<std::string>& ids, const Json& declared) {
  std::string best;
  int most = -1;
  for (const std::string& id : ids) {
    const Json& json = *catalog.table(table_kind::quantization, id);
    if (!json.contains("recognised_by")) continue;
    for (const Json& conditions : json.at("recognised_by")) {
      const int count = specificity(conditions, declared);
      if (count <= most) continue;
      most = count;
      best = id;
    }
  }
  return best;
}

double tile_count(double outputs, double inputs, double tile_outputs, double tile_inputs) {
  const double rows = tile_outputs > 0 ? std::ceil(outputs / tile_outputs) : 1;
  const double columns = tile_inputs > 0 ? std::ceil(inputs / tile_inputs) : 1;
  return rows * columns;
}

}  // namespace

Needs read_needs(const JsonReader& table) {
  Needs result;
  if (!table.has("needs")) return result;
  const JsonReader needs = table.at("needs");
  if (needs.has("compute_capability")) result.compute_capability = needs.at("compute_capability").number(0, 99);
  if (needs.has("compute_capability_below"))
    result.compute_capability_below = needs.at("compute_capability_below").number(0, 99);
  result.gfx = strings_of(needs, "gfx");
  result.reason = needs.string_or("reason", "");
  return result;
}

std::string Needs::obstacle(const Gpu& card) const {
  const std::string why = reason.empty() ? "" : " (" + reason + ")";
  if (card.compute_capability && compute_capability && *card.compute_capability < *compute_capability)
    return fmt::format("needs compute capability {:.1f}, {} has {:.1f}{}", *compute_capability, card.name,
                       *card.compute_capability, why);
  if (card.compute_capability && compute_capability_below && *card.compute_capability >= *compute_capability_below)
    return fmt::format("needs a compute capability below {:.1f}, {} has {:.1f}{}", *compute_capability_below, card.name,
                       *card.compute_capability, why);
  const auto is_target = [&](const std::string& prefix) { return card.gfx.starts_with(prefix); };
  if (!card.gfx.empty() && !gfx.empty() && std::none_of(gfx.begin(), gfx.end(), is_target))
    return fmt::format("needs {}, {} is {}{}", join_or(gfx), card.name, card.gfx, why);
  return "";
}

double Format::stored_bytes(double outputs, double inputs, bool is_expert, double group_size) const {
  const JsonReader table(json, "quantization " + quote(id));
  const char* key = is_expert && table.has("experts") ? "experts" : "weights";
  if (!table.has(key)) return outputs * inputs * 2;
  const JsonReader weights = table.at(key);
  double bits = outputs * inputs * weights.number_or("bits", 16, 0.1, most_bits);
  double tiles = 0;
  if (weights.has("per")) {
    const JsonReader per = weights.at("per");
    const double per_inputs = per.number_or("inputs", 0, 0, 1e9);
    const bool grouped = per_inputs > 1 && group_size > 0;
    tiles = tile_count(outputs, inputs, per.number_or("rows", 0, 0, 1e9), grouped ? group_size : per_inputs);
  }
  bits += tiles * (weights.number_or("scale_bits", 0, 0, most_bits) + weights.number_or("zero_bits", 0, 0, most_bits));
  bits += outputs * weights.number_or("row_bits", 0, 0, most_bits);
  bits += weights.number_or("tensor_bits", 0, 0, most_bits);
  return bits / 8;
}

bool is_format(const Catalog& catalog, const std::string& id) { return !resolve_alias(catalog, id).empty(); }

Format find_format(const Catalog& catalog, const std::string& id, const std::string& option) {
  const std::string known = resolve_alias(catalog, id);
  if (!known.empty()) return read_format(*catalog.table(table_kind::quantization, known), known);
  const std::vector<std::string> ids = catalog.ids(table_kind::quantization);
  const std::string near = did_you_mean(id, ids);
  throw Error(option,
              "unknown format " + quote(id) + ", " + (near.empty() ? "expected one of " + join(ids, ", ") : near),
              "vllm-wizard quantizations lists them; a new one is a file scripts/quantization/<id>.lua");
}

Format find_kv_format(const Catalog& catalog, const std::string& id) {
  const std::string known = resolve_alias(catalog, id);
  if (!known.empty()) {
    Format format = read_format(*catalog.table(table_kind::quantization, known), known);
    if (format.kv) return format;
  }
  std::vector<std::string> ids = {"auto"};
  for (const Format& format : all_formats(catalog))
    if (format.kv) ids.push_back(format.id);
  const std::string near = did_you_mean(id, ids);
  throw Error("--kv-cache-dtype", "unknown KV cache format " + quote(id) + ", " +
                                      (near.empty() ? "expected one of " + join(ids, ", ") : near));
}

std::vector<Format> all_formats(const Catalog& catalog) {
  std::vector<Format> formats;
  for (const std::string& id : catalog.ids(table_kind::quantization))
    formats.push_back(read_format(*catalog.table(table_kind::quantization, id), id));
  return formats;
}

std::optional<Format> recognise_format(const Catalog& catalog, const Json& declared) {
  const std::vector<std::string> near = ids_naming_method(catalog, declared);
  std::string best = best_match(catalog, near, declared);
  if (best.empty()) best = best_match(catalog, catalog.ids(table_kind::quantization), declared);
  if (best.empty()) return std::nullopt;
  return read_format(*catalog.table(table_kind::quantization, best), best);
}

}  // namespace vw
