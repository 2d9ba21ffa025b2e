#include "facts/release.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace vw {
namespace {

std::optional<std::vector<int>> numbers_of(const std::string& version) {
  std::vector<int> numbers;
  for (const std::string& piece : split(version, '.')) {
    int number = 0;
    const auto [end, error] = std::from_chars(piece.data(), piece.data() + piece.size(), number);
    if (error != std::errc() || end != piece.data() + piece.size() || piece.empty()) return std::nullopt;
    numbers.push_back(number);
  }
  while (!numbers.empty() && numbers.back() == 0) numbers.pop_back();
  return numbers;
}

std::vector<std::string> known_tables(const Catalog& catalog) {
  std::vector<std::string> tables;
  for (const std::string& id : catalog.ids(table_kind::release)) {
    if (!numbers_of(id)) throw Error("release " + quote(id), "its id is no version, expected one like 0.21.0");
    tables.push_back(id);
  }
  std::sort(tables.begin(), tables.end(), [](const std::string& left, const std::string& right) {
    return compare_versions(left, right).value_or(0) < 0;
  });
  return tables;
}

void read_architectures(const JsonReader& table, Release& release) {
  if (table.has("mtp_methods"))
    for (const auto& [architecture, method] : table.at("mtp_methods").members())
      release.mtp_methods[architecture] = method.string();
  if (!table.has("architectures")) return;
  for (const JsonReader& entry : table.at("architectures").items()) {
    KnownArchitecture& known = release.architectures[entry.at("name").string()];
    known.since = entry.string_or("since", "");
    known.before = entry.string_or("before", "");
    if (entry.has("refused_dtypes")) known.refused_dtypes = entry.at("refused_dtypes").strings();
  }
}

bool contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Release read_release(const Json& json, const std::string& table) {
  const JsonReader reader(json, "release " + quote(table));
  Release release;
  release.table = table;
  release.gpu_memory_utilization =
      reader.at("defaults").number_or("gpu_memory_utilization", release.gpu_memory_utilization, 0.01, 1.0);
  if (reader.has("flags"))
    for (const std::string& flag : reader.at("flags").strings()) release.flags.insert(flag);
  if (reader.has("kv_cache_dtypes")) release.kv_cache_dtypes = reader.at("kv_cache_dtypes").strings();
  if (reader.has("quantizations")) release.quantizations = reader.at("quantizations").strings();
  if (reader.has("flag_values"))
    for (const auto& [flag, values] : json["flag_values"].items())
      release.flag_values[flag] = reader.at("flag_values").at(flag).strings();
  read_architectures(reader, release);
  release.json = json;
  return release;
}

// The newest table, and the newest release it is known to describe.
Release newest(const Catalog& catalog, const std::string& table) {
  Release release = read_release(*catalog.table(table_kind::release, table), table);
  release.version = JsonReader(release.json, "release " + quote(table)).string_or("latest", table);
  return release;
}

std::string without_v(const std::string& version) {
  return version.starts_with('v') || version.starts_with('V') ? version.substr(1) : version;
}

}  // namespace

std::optional<int> compare_versions(const std::string& left, const std::string& right) {
  const auto a = numbers_of(left), b = numbers_of(right);
  if (!a || !b) return std::nullopt;
  if (*a == *b) return 0;
  return *a < *b ? -1 : 1;
}

std::int64_t Release::default_of(const std::string& setting, const Gpu& gpu, double total_gib) const {
  const JsonReader defaults = JsonReader(json, "release " + quote(table)).at("defaults");
  if (!defaults.has(setting)) return 0;
  const JsonReader value = defaults.at(setting);
  if (value.value().is_number()) return value.integer(0, std::int64_t{1} << 40);
  double best_gib = -1;
  std::int64_t best = 0;
  for (const JsonReader& tier : value.items()) {
    const double least_gib = tier.number_or("least_gib", 0, 0, 1e9);
    const std::string exception = tier.string_or("unless_name", "");
    const bool excepted = !exception.empty() && lower(gpu.name).find(lower(exception)) != std::string::npos;
    if (excepted || total_gib < least_gib || least_gib < best_gib) continue;
    best_gib = least_gib;
    best = tier.at("value").integer(0, std::int64_t{1} << 40);
  }
  return best;
}

bool Release::takes(const std::string& flag, const std::string& value) const {
  const auto listed = flag_values.find(flag);
  return listed == flag_values.end() || contains(listed->second, value);
}

bool Release::counts_others() const {
  const auto memory = json.find("memory");
  return memory != json.end() && memory->value("era", "") == "e0";
}

bool Release::refuses_dtype(const std::string& architecture, const std::string& dtype) const {
  const auto known = architectures.find(architecture);
  return known != architectures.end() && contains(known->second.refused_dtypes, dtype);
}

Release find_release(const Catalog& catalog, const std::string& version) {
  const std::vector<std::string> tables = known_tables(catalog);
  if (tables.empty()) throw Error("scripts/releases", "has no release table, expected at least one");
  if (version.empty()) return newest(catalog, tables.back());
  const std::string wanted = without_v(version);
  if (!numbers_of(wanted))
    throw Error("--vllm-version", quote(version) + " is no version, expected one like 0.21 or 0.21.0");
  std::string table;
  for (const std::string& id : tables)
    if (compare_versions(id, wanted).value_or(1) <= 0) table = id;
  if (table.empty())
    throw Error("--vllm-version",
                quote(version) + " is older than every known release, expected " + tables.front() + " or newer");
  Release release =
      table == tables.back() ? newest(catalog, table) : read_release(*catalog.table(table_kind::release, table), table);
  if (table == tables.back() && compare_versions(wanted, release.version).value_or(0) > 0)
    release.notes.push_back("vLLM " + wanted + " is newer than " + release.version +
                            ", the newest that is known here; planned as that one");
  release.version = wanted;
  return release;
}

MetricNames metric_names(const Catalog& catalog) {
  std::vector<std::string> tables = known_tables(catalog);
  std::reverse(tables.begin(), tables.end());
  MetricNames names;
  for (const std::string& table : tables) {
    const auto json = catalog.table(table_kind::release, table);
    const JsonReader reader(*json, "release " + quote(table));
    if (!reader.has("metrics")) continue;
    for (const auto& [key, known] : reader.at("metrics").members()) names[key] = known.strings();
    return names;
  }
  throw Error("scripts/releases", "no release names its metrics, expected `metrics` in one");
}

}  // namespace vw
