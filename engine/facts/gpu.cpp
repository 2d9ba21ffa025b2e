#include "facts/gpu.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace vw {
namespace {

// Words that name a maker or a brand, not a card.
constexpr std::array<std::string_view, 8> maker_words = {"nvidia",  "amd",   "intel",    "google",
                                                         "geforce", "tesla", "instinct", "radeon"};

// Letters and digits in lower case, 0 for every other byte.
constexpr std::array<char, 256> key_bytes = [] {
  std::array<char, 256> bytes{};
  for (int c = '0'; c <= '9'; ++c) bytes[c] = static_cast<char>(c);
  for (int c = 'a'; c <= 'z'; ++c) bytes[c] = bytes[c - 'a' + 'A'] = static_cast<char>(c);
  return bytes;
}();

constexpr double most_memory_mib = 64.0 * 1024 * 1024;
constexpr double most_rate = 1e9;

std::optional<double> optional_number(const JsonReader& entry, const char* key, double least, double most) {
  if (!entry.has(key)) return std::nullopt;
  return entry.at(key).number(least, most);
}

std::vector<std::string> optional_strings(const JsonReader& entry, const char* key) {
  return entry.has(key) ? entry.at(key).strings() : std::vector<std::string>{};
}

const std::vector<std::string>& gpu_keys() {
  static const std::vector<std::string> keys = {"id",
                                                "name",
                                                "summary",
                                                "product",
                                                "aliases",
                                                "vendor",
                                                "architecture",
                                                "compute_capability",
                                                "gfx",
                                                "memory_mib",
                                                "memory_visible_mib",
                                                "memory_cuda_mib",
                                                "memory_cuda_grade",
                                                "memory_type",
                                                "unified_memory",
                                                "memory_bandwidth_gb_s",
                                                "fp16_tflops",
                                                "bf16_tflops",
                                                "fp8_tflops",
                                                "int8_tops",
                                                "fp4_tflops",
                                                "peak_basis",
                                                "tdp_w",
                                                "link",
                                                "max_gpus_per_node",
                                                "market",
                                                "usd_per_hour",
                                                "usd_per_hour_spot",
                                                "price_source",
                                                "classic_decode_tok_s",
                                                "classic_prefill_tok_s",
                                                "vllm",
                                                "vllm_reason",
                                                "sources",
                                                "notes",
                                                "api"};
  return keys;
}

void read_memory(const JsonReader& entry, Gpu& gpu) {
  gpu.memory_mib = optional_number(entry, "memory_mib", 1, most_memory_mib);
  gpu.memory_visible_mib = optional_number(entry, "memory_visible_mib", 1, most_memory_mib);
  gpu.memory_cuda_mib = optional_number(entry, "memory_cuda_mib", 1, most_memory_mib);
  gpu.memory_cuda_grade = entry.string_or("memory_cuda_grade", "");
  gpu.unified_memory = entry.boolean_or("unified_memory", false);
}

void read_rates(const JsonReader& entry, Gpu& gpu) {
  gpu.memory_bandwidth_gb_s = optional_number(entry, "memory_bandwidth_gb_s", 0.001, most_rate);
  gpu.fp16_tflops = optional_number(entry, "fp16_tflops", 0.001, most_rate);
  gpu.bf16_tflops = optional_number(entry, "bf16_tflops", 0.001, most_rate);
  gpu.fp8_tflops = optional_number(entry, "fp8_tflops", 0.001, most_rate);
  for (const char* key : {"int8_tops", "fp4_tflops", "tdp_w", "classic_decode_tok_s", "classic_prefill_tok_s"})
    optional_number(entry, key, 0.001, most_rate);
}

void read_support(const JsonReader& entry, Gpu& gpu) {
  gpu.vllm = entry.string_or("vllm", "supported");
  gpu.vllm_reason = entry.string_or("vllm_reason", "");
  if (gpu.vllm != "supported" && gpu.vllm != "plugin" && gpu.vllm != "no")
    entry.at("vllm").fail("is " + quote(gpu.vllm) + ", expected 'supported', 'plugin' or 'no'");
  if (gpu.vllm != "supported" && gpu.vllm_reason.empty())
    entry.fail("has no 'vllm_reason', expected one because 'vllm' is " + quote(gpu.vllm));
}

bool starts_with_any(const std::string& text, std::initializer_list<const char*> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](const char* prefix) { return text.starts_with(prefix); });
}

}  // namespace

bool Gpu::has_fp8() const {
  if (compute_capability) return *compute_capability >= 8.9;
  return starts_with_any(gfx, {"gfx942", "gfx950", "gfx12"});
}

std::string Gpu::link() const {
  if (link_type == "nvlink") return "nvlink";
  if (link_type == "infinity-fabric") return "nvlink";
  if (link_type == "pcie" || link_type == "nvlink-bridge") return "pcie";
  return "unknown";
}

Gpu read_gpu(const JsonReader& entry) {
  entry.expect_only(gpu_keys());
  Gpu gpu;
  gpu.id = entry.at("id").string();
  if (!is_id(gpu.id)) entry.at("id").fail("is " + quote(gpu.id) + ", expected kebab-case");
  gpu.name = entry.at("name").string();
  gpu.product = entry.string_or("product", gpu.name);
  gpu.vendor = entry.string_or("vendor", "");
  gpu.architecture = entry.string_or("architecture", "");
  gpu.gfx = entry.string_or("gfx", "");
  gpu.market = entry.string_or("market", "");
  gpu.compute_capability = optional_number(entry, "compute_capability", 1.0, 99.0);
  gpu.gpus_per_node = entry.integer_or("max_gpus_per_node", gpu.gpus_per_node, 1, 1000000);
  if (entry.has("link")) gpu.link_type = entry.at("link").string_or("type", "");
  gpu.aliases = optional_strings(entry, "aliases");
  gpu.sources = optional_strings(entry, "sources");
  read_memory(entry, gpu);
  read_rates(entry, gpu);
  read_support(entry, gpu);
  gpu.where = entry.where() + (entry.path().empty() ? "" : ": " + entry.path());
  gpu.json = entry.value();
  return gpu;
}

std::string gpu_key(std::string_view name) {
  std::string key, word;
  const auto flush = [&] {
    if (std::find(maker_words.begin(), maker_words.end(), word) == maker_words.end()) key += word;
    word.clear();
  };
  for (const char c : name) {
    if (const char key_byte = key_bytes[static_cast<unsigned char>(c)]; key_byte != 0)
      word += key_byte;
    else
      flush();
  }
  flush();
  return key;
}

namespace {

// What is left of a file when names are compared by their keys. That neighbours run together only makes more files
// match.
std::string squeezed(const std::string& text) {
  std::string result(text.size(), '\0');
  std::size_t size = 0;
  for (const char c : text) {
    result[size] = key_bytes[static_cast<unsigned char>(c)];
    size += result[size] != 0 ? 1 : 0;
  }
  result.resize(size);
  return result;
}

}  // namespace

void index_gpu_db(const std::string& folder, Origin::Rank rank, const Files& files, Catalog& catalog) {
  for (const std::string& name : files.list(folder)) {
    if (!name.ends_with(".json")) continue;
    const std::string path = folder + "/" + name;
    Origin origin{rank, path, ""};
    const auto load = [path, &files]() -> Loaded {
      return std::make_shared<const Json>(parse_json(read_file(files, path, path), path));
    };
    const auto mentions = [path, &files](const std::string& card) {
      const auto content = files.read(path);
      return content && squeezed(*content).find(gpu_key(card)) != std::string::npos;
    };
    catalog.add(table_kind::gpu_file, name.substr(0, name.size() - 5), origin, load, mentions);
  }
}

GpuTable::GpuTable(const Catalog& catalog, const std::string& card) {
  for (const std::string& id : catalog.ids(table_kind::gpu))
    for (const TableLayer& layer : catalog.layers(table_kind::gpu, id))
      add(layer, *layer.table, "gpu " + quote(id), "");
  std::vector<std::string> files = catalog.ids_mentioning(table_kind::gpu_file, card);
  if (card.empty() || files.empty()) files = catalog.ids(table_kind::gpu_file);
  for (const std::string& id : files)
    for (const TableLayer& layer : catalog.layers(table_kind::gpu_file, id)) {
      const JsonReader file(*layer.table, layer.path);
      file.expect_only({"gpus"});
      for (const JsonReader& entry : file.at("gpus").items()) add(layer, entry.value(), layer.path, entry.path());
    }
}

void GpuTable::add(const TableLayer& layer, const Json& json, const std::string& where, const std::string& path) {
  const JsonReader reader(json, where, path);
  Entry entry{&json, layer.rank, where, path, reader.at("id").string(), "", {}};
  entry.product = reader.string_or("product", reader.at("name").string());
  entry.keys = {gpu_key(entry.id), gpu_key(reader.at("name").string())};
  if (reader.has("aliases"))
    for (const JsonReader& alias : reader.at("aliases").items()) entry.keys.push_back(gpu_key(alias.string()));
  owners_.push_back(layer.table);
  const auto known =
      std::find_if(entries_.begin(), entries_.end(), [&](const Entry& other) { return other.id == entry.id; });
  if (known == entries_.end())
    entries_.push_back(std::move(entry));
  else if (known->rank < entry.rank)
    *known = std::move(entry);  // a stronger origin shadows
}

Gpu GpuTable::read(const Entry& entry) const { return read_gpu(JsonReader(*entry.json, entry.where, entry.path)); }

std::vector<const GpuTable::Entry*> GpuTable::exact(const std::string& key) const {
  std::vector<const Entry*> found;
  for (const Entry& entry : entries_)
    if (std::find(entry.keys.begin(), entry.keys.end(), key) != entry.keys.end()) found.push_back(&entry);
  return found;
}

std::vector<const GpuTable::Entry*> GpuTable::partial(const std::string& key) const {
  std::vector<const Entry*> found;
  for (const Entry& entry : entries_)
    if (std::any_of(entry.keys.begin(), entry.keys.end(),
                    [&](const std::string& known) { return known.find(key) != std::string::npos; }))
      found.push_back(&entry);
  return found;
}

namespace {

// Smaller is more usual: SXM and OAM boards before PCIe ones, then the smaller memory, then the name.
auto usual_order(const Gpu& gpu) {
  const bool board = gpu.link_type == "nvlink" || gpu.link_type == "infinity-fabric";
  return std::tuple(board ? 0 : 1, gpu.memory_mib.value_or(0), gpu.id);
}

std::string names_of(const std::vector<Gpu>& gpus) {
  std::vector<std::string> names;
  for (const Gpu& gpu : gpus) names.push_back(quote(gpu.id));
  return join(names, ", ");
}

}  // namespace

GpuMatch GpuTable::choose(const std::string& text, const std::vector<const Entry*>& fitting) const {
  std::vector<Gpu> variants;
  for (const Entry* entry : fitting) variants.push_back(read(*entry));
  std::sort(variants.begin() + 1, variants.end(),
            [](const Gpu& left, const Gpu& right) { return usual_order(left) < usual_order(right); });
  GpuMatch match{variants.front(), {}};
  if (variants.size() > 1) {
    const std::string memory =
        match.gpu.memory_mib ? " (" + std::to_string(std::lround(*match.gpu.memory_mib / 1024)) + " GiB)" : "";
    variants.erase(variants.begin());
    match.warnings.push_back("gpu " + quote(text) + " fits several cards; took " + quote(match.gpu.id) + memory +
                             ", others: " + names_of(variants));
  }
  return match;
}

GpuMatch GpuTable::find(const std::string& text) const {
  const std::string key = gpu_key(text);
  if (key.empty()) fail_unknown(text);
  const std::vector<const Entry*> same = exact(key);
  std::vector<const Entry*> near = partial(key);
  if (!same.empty()) {
    // An exact id or full name decides alone; an alias that other variants of the product share gets a warning.
    const Entry* taken = same.front();
    std::vector<const Entry*> variants = {taken};
    if (key != taken->keys[0] && key != taken->keys[1])
      for (const Entry* entry : near)
        if (entry != taken && entry->product == taken->product) variants.push_back(entry);
    return choose(text, variants);
  }
  if (near.empty()) fail_unknown(text);
  for (const Entry* entry : near)
    if (entry->product != near.front()->product) fail_ambiguous(text, near);
  const auto usual = [&](const Entry* left, const Entry* right) {
    return usual_order(read(*left)) < usual_order(read(*right));
  };
  std::iter_swap(near.begin(), std::min_element(near.begin(), near.end(), usual));
  return choose(text, near);
}

std::optional<GpuMatch> GpuTable::find_detected(const std::string& name, double total_mib) const {
  const std::vector<const Entry*> same = exact(gpu_key(name));
  if (same.empty()) return std::nullopt;
  const auto distance = [&](const Gpu& gpu) {
    const double known = gpu.memory_visible_mib.value_or(gpu.memory_mib.value_or(total_mib));
    return std::abs(known - total_mib);
  };
  Gpu best = read(*same.front());
  if (total_mib > 0) {
    for (const Entry& entry : entries_) {
      if (entry.product != best.product || entry.id == best.id) continue;
      const Gpu other = read(entry);
      // A variant with another total must be clearly nearer: drivers hold back up to 7 % of the nominal size.
      if (distance(other) < distance(best) && distance(best) > 0.08 * total_mib) best = other;
    }
  }
  return GpuMatch{best, {}};
}

void GpuTable::fail_ambiguous(const std::string& text, const std::vector<const Entry*>& fitting) const {
  std::vector<std::string> names;
  for (const Entry* entry : fitting) {
    if (std::find(names.begin(), names.end(), entry->product) == names.end()) names.push_back(entry->product);
  }
  constexpr std::size_t most = 12;
  const std::size_t count = names.size();
  if (count > most) names.resize(most);
  throw Error("--gpu",
              quote(text) + " fits " + std::to_string(count) +
                  " different products, expected one of: " + join(names, ", ") + (count > most ? ", ..." : ""),
              "vllm-wizard gpus " + shell_quoted(text) + " lists them");
}

void GpuTable::fail_unknown(const std::string& text) const {
  std::vector<std::string> names;
  for (const Entry& entry : entries_) {
    names.push_back(entry.id);
    names.push_back(entry.product);
  }
  const std::string near = did_you_mean(text, names);
  throw Error(
      "--gpu",
      "unknown gpu " + quote(text) + ", " + (near.empty() ? "expected a name that `vllm-wizard gpus` lists" : near),
      "a card that is not in the table: give --vram-gb, or add it to gpu-db or scripts/gpus");
}

std::vector<Gpu> GpuTable::all() const {
  std::vector<Gpu> gpus;
  for (const Entry& entry : entries_) gpus.push_back(read(entry));
  std::sort(gpus.begin(), gpus.end(), [](const Gpu& left, const Gpu& right) { return left.id < right.id; });
  return gpus;
}

std::vector<std::string> GpuTable::ids() const {
  std::vector<std::string> ids;
  for (const Entry& entry : entries_) ids.push_back(entry.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace vw
