// GpuTable: names of cards, and the entry that each of them means.
#include "base/text.hpp"
#include "facts/gpu_mig.hpp"

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

}  // namespace

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

// Whether a file holds the key when names are compared by their keys. That neighbours run together only makes more
// files match. One pass with the borders of Knuth, Morris and Pratt: this reads all of gpu-db for every plan.
bool holds_key(const std::string& text, const std::string& key) {
  if (key.empty()) return true;
  std::vector<std::size_t> border(key.size(), 0);
  for (std::size_t at = 1, length = 0; at < key.size(); border[at++] = length) {
    while (length > 0 && key[at] != key[length]) length = border[length - 1];
    if (key[at] == key[length]) ++length;
  }
  std::size_t length = 0;
  for (const char c : text) {
    const char key_byte = key_bytes[static_cast<unsigned char>(c)];
    if (key_byte == 0) continue;
    while (length > 0 && key_byte != key[length]) length = border[length - 1];
    if (key_byte == key[length] && ++length == key.size()) return true;
  }
  return false;
}

// Read without its path in the file, which only a complaint needs.
std::string text_of(const JsonReader& entry, const char* key) {
  const Json& json = entry.value();
  const auto found = json.is_object() ? json.find(key) : json.end();
  return found != json.end() && found->is_string() ? found->get<std::string>() : entry.at(key).string();
}

std::vector<std::string> aliases_of(const JsonReader& entry) {
  const auto found = entry.value().find("aliases");
  if (found == entry.value().end() || found->is_null()) return {};
  const auto is_text = [](const Json& alias) { return alias.is_string(); };
  if (!found->is_array() || !std::all_of(found->begin(), found->end(), is_text)) return entry.at("aliases").strings();
  return found->get<std::vector<std::string>>();
}

}  // namespace

void index_gpu_db(const std::string& folder, Origin::Rank rank, const Files& files, Catalog& catalog) {
  for (const std::string& name : files.list(folder)) {
    if (!name.ends_with(".json")) continue;
    const std::string path = folder + "/" + name, id = name.substr(0, name.size() - 5);
    Origin origin{rank, path, ""};
    const auto load = [path, &files]() -> Loaded {
      return std::make_shared<const Json>(parse_json(read_file(files, path, path), path));
    };
    if (id == "totals") {
      catalog.add(table_kind::gpu_totals, id, origin, load);
      continue;
    }
    const auto mentions = [path, &files](const std::string& card) {
      const auto content = files.read(path);
      return content && holds_key(*content, gpu_key(card));
    };
    catalog.add(table_kind::gpu_file, id, origin, load, mentions);
  }
}

GpuTable::GpuTable(const Catalog& catalog, const std::string& name) {
  const std::optional<MigName> slice = split_mig_name(name);
  const std::string card = slice ? slice->card : name;
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
  Entry entry{&json, layer.rank, where, path, text_of(reader, "id"), "", {}};
  const std::string name = text_of(reader, "name");
  entry.product = json.contains("product") ? text_of(reader, "product") : name;
  entry.keys = {gpu_key(entry.id), gpu_key(name)};
  for (const std::string& alias : aliases_of(reader)) entry.keys.push_back(gpu_key(alias));
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

std::vector<const GpuTable::Entry*> GpuTable::fitting(const std::string& text) const {
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
    return variants;
  }
  if (near.empty()) fail_unknown(text);
  for (const Entry* entry : near)
    if (entry->product != near.front()->product) fail_ambiguous(text, near);
  put_usual_first(near);
  return near;
}

void GpuTable::put_usual_first(std::vector<const Entry*>& entries) const {
  const auto usual = [&](const Entry* left, const Entry* right) {
    return usual_order(read(*left)) < usual_order(read(*right));
  };
  std::iter_swap(entries.begin(), std::min_element(entries.begin(), entries.end(), usual));
}

GpuMatch GpuTable::find(const std::string& text) const {
  if (const std::optional<MigName> slice = split_mig_name(text)) return find_slice(text, *slice);
  return choose(text, fitting(text));
}

namespace {

std::string profiles_of(const Gpu& gpu) {
  std::vector<std::string> names;
  for (const MigProfile& profile : gpu.mig_profiles) names.push_back(profile.name);
  return join(names, ", ");
}

[[noreturn]] void fail_profile(const Gpu& gpu, const MigName& name) {
  if (gpu.mig_profiles.empty())
    throw Error("--gpu", "MIG profiles of " + gpu.name + " are not known, expected the whole card",
                "vllm-wizard gpus mig lists the slices of all cards that have MIG");
  std::vector<std::string> names;
  for (const MigProfile& profile : gpu.mig_profiles) names.push_back(profile.name);
  const std::string meant = name.profile.empty() ? "" : did_you_mean(name.profile, names);
  const std::string what = name.profile.empty() ? "a MIG slice of " + gpu.name + " needs a profile"
                                                : gpu.name + " has no MIG profile " + quote(name.profile);
  throw Error("--gpu", what + ", expected one of: " + profiles_of(gpu), meant);
}

}  // namespace

GpuMatch GpuTable::find_slice(const std::string& text, const MigName& name) const {
  if (name.card.empty())
    throw Error("--gpu", quote(text) + " names a MIG profile and no card, expected both",
                "as in --gpu " + shell_quoted("H100 MIG " + (name.profile.empty() ? "3g.40gb" : name.profile)));
  const std::vector<const Entry*> cards = fitting(name.card);
  std::vector<const Entry*> having;
  for (const Entry* card : cards)
    if (find_profile(read(*card), name.profile) != nullptr) having.push_back(card);
  if (having.empty()) fail_profile(read(*cards.front()), name);
  if (having.front() != cards.front()) put_usual_first(having);
  GpuMatch match = choose(text, having);
  match.gpu = slice_of(match.gpu, *find_profile(match.gpu, name.profile));
  return match;
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
