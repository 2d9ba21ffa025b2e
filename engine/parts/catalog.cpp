#include "parts/catalog.hpp"

#include "base/text.hpp"
#include "parts/origins.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace vw {
namespace {

constexpr std::size_t most_ids_in_a_hint = 40;

// The reason as an error that points at the file, at the line where the reason says so.
Error refusal_of(const std::string& path, const std::string& reason) {
  const std::size_t end = reason.starts_with(path) ? reason.find(": ", path.size()) : std::string::npos;
  if (path.empty() || end == std::string::npos) return error_from_text(path, reason);
  return error_from_text(reason.substr(0, end), reason.substr(end + 2));
}

std::string one_line(const Error& error) {
  std::string line = error.what();
  if (!error.hint().empty()) line += fmt::format(" (hint: {})", error.hint());
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line;
}

bool is_stronger(const Origin& left, const Origin& right) { return left.rank > right.rank; }

bool is_rival(const Origin& left, const Origin& right) {
  return left.rank == right.rank && search_folder(left.path) == search_folder(right.path);
}

std::string list_of(const std::vector<std::string>& ids) {
  if (ids.size() <= most_ids_in_a_hint) return join(ids, ", ");
  const std::vector<std::string> first(ids.begin(), ids.begin() + most_ids_in_a_hint);
  return fmt::format("{} and {} more", join(first, ", "), ids.size() - first.size());
}

}  // namespace

bool is_part_kind(std::string_view kind) {
  const KindFolder* known = find_kind(kind);
  return known != nullptr && known->kind == kind && kind.find('/') != std::string_view::npos;
}

std::vector<std::string> all_kinds() {
  std::vector<std::string> kinds, tables;
  for (const KindFolder& known : kind_folders()) (is_part_kind(known.kind) ? kinds : tables).push_back(known.kind);
  kinds.insert(kinds.end(), tables.begin(), tables.end());
  kinds.push_back(table_kind::gpu_file);
  kinds.push_back(table_kind::gpu_totals);
  kinds.push_back(table_kind::efficiency);
  kinds.push_back(table_kind::defaults);
  return kinds;
}

bool adds_up(std::string_view kind) { return kind == table_kind::models || kind == table_kind::gpu_file; }

void Catalog::add(std::string kind, std::string id, Origin origin, Loader load, Mentions mentions) {
  Entry& added =
      insert({std::move(kind), std::move(id), std::move(origin), std::move(load), {}, {}, false, std::move(mentions)});
  for (Entry& other : entries_[{added.kind, added.id}]) {
    if (&other == &added || !other.load || !is_rival(other.origin, added.origin)) continue;
    const std::string label = short_kind(added.kind) + " " + quote(added.id);
    const std::string hint = "rename or remove one of them";
    const auto refusal = [&](const Entry& one, const Entry& rival) {
      return Error(one.origin.path, fmt::format("{} is also declared by {}", label, rival.origin.path), hint);
    };
    added.refusal = refusal(added, other);
    other.refusal = refusal(other, added);
  }
}

void Catalog::refuse(std::string kind, std::string id, Origin origin, const std::string& reason) {
  Error refusal = refusal_of(origin.path, reason);
  Entry entry{std::move(kind), std::move(id), std::move(origin), nullptr, {}, std::move(refusal), false, {}};
  if (sealed_) throw Error::internal("an entry is refused after the catalog was sealed");
  if (entry.kind.empty() || entry.id.empty())
    strays_.push_back(std::move(entry));
  else
    insert(std::move(entry));
}

Catalog::Entry& Catalog::insert(Entry entry) {
  if (sealed_)
    throw Error::internal(fmt::format("{} '{}' is added after the catalog was sealed", entry.kind, entry.id));
  Entries& entries = entries_[{entry.kind, entry.id}];
  const auto weaker = std::find_if(entries.begin(), entries.end(),
                                   [&](const Entry& other) { return !is_stronger(other.origin, entry.origin); });
  return *entries.insert(weaker, std::move(entry));
}

bool Catalog::is_usable(const Entries& entries) {
  for (const Entry& entry : entries) {
    if (!entry.refusal) return true;
    if (entry.origin.rank == Origin::Rank::installed) return false;
  }
  return false;
}

bool Catalog::has(const std::string& kind, const std::string& id) const {
  const auto found = entries_.find({kind, id});
  return found != entries_.end() && is_usable(found->second);
}

std::vector<std::string> Catalog::ids(const std::string& kind) const {
  std::vector<std::string> ids;
  for (auto at = entries_.lower_bound({kind, ""}); at != entries_.end() && at->first.first == kind; ++at)
    if (is_usable(at->second)) ids.push_back(at->first.second);
  return ids;
}

std::vector<std::string> Catalog::ids_mentioning(const std::string& kind, const std::string& word) const {
  const auto may_mention = [&](const Entry& entry) { return !entry.mentions || entry.mentions(word); };
  std::vector<std::string> found = ids(kind);
  std::erase_if(found, [&](const std::string& id) {
    const Entries& entries = entries_.find({kind, id})->second;
    return std::none_of(entries.begin(), entries.end(), may_mention);
  });
  return found;
}

void Catalog::load_into(Entry& entry) {
  entry.is_loading = true;
  try {
    entry.loaded = entry.load();
  } catch (const Error& error) {
    if (error.kind() == Error::Kind::internal) throw;  // our fault, not the file's
    entry.refusal = error;
  }
  entry.is_loading = false;
}

const Loaded* Catalog::fetch(Entry& entry) const {
  if (entry.loaded) return &*entry.loaded;
  if (entry.is_loading) throw Error::internal(fmt::format("{} '{}' needs itself to be loaded", entry.kind, entry.id));
  if (!entry.refusal) load_into(entry);
  if (entry.loaded) return &*entry.loaded;
  if (entry.origin.rank == Origin::Rank::installed) throw Error(*entry.refusal);
  return nullptr;
}

const Loaded& Catalog::strongest(const std::string& kind, const std::string& id) const {
  const auto found = entries_.find({kind, id});
  if (found == entries_.end()) fail_unknown(kind, id);
  for (Entry& entry : found->second)
    if (const Loaded* loaded = fetch(entry)) return *loaded;
  throw Error(*found->second.front().refusal);
}

void Catalog::fail_unknown(const std::string& kind, const std::string& id) const {
  const std::string name = short_kind(kind), where = name + " " + quote(id);
  const std::vector<std::string> known = ids(kind);
  if (known.empty()) throw Error(where, fmt::format("there is no {} at all", name));
  const std::string meant = did_you_mean(id, known);
  throw Error(where, fmt::format("there is no {} of this name{}{}", name, meant.empty() ? "" : "; ", meant),
              fmt::format("there are: {}", list_of(known)));
}

std::shared_ptr<const Part> Catalog::part(const std::string& kind, const std::string& id) const {
  const auto* part = std::get_if<std::shared_ptr<const Part>>(&strongest(kind, id));
  if (part == nullptr || *part == nullptr) throw Error::internal(fmt::format("{} '{}' is no part", kind, id));
  return *part;
}

std::shared_ptr<const Json> Catalog::table(const std::string& kind, const std::string& id) const {
  const auto* table = std::get_if<std::shared_ptr<const Json>>(&strongest(kind, id));
  if (table == nullptr || *table == nullptr) throw Error::internal(fmt::format("{} '{}' is no table", kind, id));
  return *table;
}

std::vector<TableLayer> Catalog::layers(const std::string& kind, const std::string& id) const {
  std::vector<TableLayer> layers;
  const auto found = entries_.find({kind, id});
  if (found == entries_.end()) return layers;
  for (Entry& entry : found->second) {
    const Loaded* loaded = fetch(entry);
    if (loaded == nullptr) continue;
    const auto* table = std::get_if<std::shared_ptr<const Json>>(loaded);
    if (table == nullptr || *table == nullptr) throw Error::internal(fmt::format("{} '{}' is no table", kind, id));
    layers.push_back({*table, entry.origin.rank, entry.origin.path});
  }
  return layers;
}

std::vector<std::string> Catalog::refusals() const {
  std::vector<std::string> lines;
  for (const Entry& stray : strays_) lines.push_back(one_line(*stray.refusal));
  for (const auto& [key, entries] : entries_)
    for (const Entry& entry : entries)
      if (entry.refusal) lines.push_back(one_line(*entry.refusal));
  return lines;
}

Listing Catalog::listing_of(const Entry& entry) {
  Listing listing{entry.kind, entry.id, "", entry.origin, "", entry.refusal ? describe(*entry.refusal) : ""};
  if (!entry.loaded) return listing;
  if (const auto* part = std::get_if<std::shared_ptr<const Part>>(&*entry.loaded)) {
    listing.summary = (*part)->summary();
    listing.origin = (*part)->origin();
  } else if (const auto& table = *std::get<std::shared_ptr<const Json>>(*entry.loaded); table.is_object()) {
    const auto summary = table.find("summary");
    if (summary != table.end() && summary->is_string()) listing.summary = *summary;
  }
  return listing;
}

std::vector<Listing> Catalog::listings(bool load_all) const {
  std::vector<Listing> listings;
  for (const Entry& stray : strays_) listings.push_back(listing_of(stray));
  for (auto& [key, entries] : entries_) {
    std::string stronger;
    for (Entry& entry : entries) {
      try {
        if (load_all) fetch(entry);
      } catch (const Error&) {  // recorded in the entry
      }
      listings.push_back(listing_of(entry));
      listings.back().shadowed_by = adds_up(entry.kind) ? "" : stronger;
      if (stronger.empty() && !entry.refusal) stronger = entry.origin.path;
    }
  }
  std::stable_sort(listings.begin(), listings.end(), [](const Listing& left, const Listing& right) {
    return std::tie(left.kind, left.id) < std::tie(right.kind, right.id);
  });
  return listings;
}

}  // namespace vw
