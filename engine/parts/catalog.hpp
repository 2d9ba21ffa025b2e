// parts: the catalog of everything that was found. Filled at start by the native and lua rooms, then sealed. Finding
// is cheap (names of files); loading happens when somebody asks for the entry.
#pragma once

#include "parts/part.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace vw {

// Tables are kinds without behaviour; they are JSON values that the facts room reads.
namespace table_kind {
inline constexpr const char* gpu = "gpu";                    // one accelerator, from scripts/gpus/<id>.lua
inline constexpr const char* gpu_file = "gpu-file";          // gpu-db/<architecture>.json, many accelerators
inline constexpr const char* gpu_totals = "gpu-totals";      // gpu-db/totals.json, rules
inline constexpr const char* efficiency = "efficiency";      // gpu-db/efficiency/<gpu>.json, measured operations
inline constexpr const char* quantization = "quantization";  // scripts/quantization/<id>.lua
inline constexpr const char* release = "release";            // scripts/releases/<version>.lua
inline constexpr const char* models = "models";              // scripts/models/<organisation>.lua, many models
inline constexpr const char* log = "log";                    // scripts/logs/<id>.lua, lines that vLLM logs
inline constexpr const char* correction = "correction";      // scripts/corrections/<id>.lua, what `calibrate` writes
inline constexpr const char* defaults = "defaults";          // scripts/defaults.lua
}  // namespace table_kind

bool is_part_kind(std::string_view kind);  // has a revision and is one that this engine speaks
std::vector<std::string> all_kinds();      // part kinds, then table kinds

using Loaded = std::variant<std::shared_ptr<const Part>, std::shared_ptr<const Json>>;
using Loader = std::function<Loaded()>;  // throws vw::Error when the file is broken
// Whether a file holds this word: a cheap test before it is loaded.
using Mentions = std::function<bool(const std::string& word)>;

// True for table kinds whose files hold many entries: a stronger file adds to a weaker one and does not shadow it.
bool adds_up(std::string_view kind);

// One of the tables of an id.
struct TableLayer {
  std::shared_ptr<const Json> table;
  Origin::Rank rank = Origin::Rank::installed;
  std::string path;  // its file
};

// What is known of one entry, for `parts` and `check`.
struct Listing {
  std::string kind, id, summary;  // summary is empty until loaded
  Origin origin;
  std::string shadowed_by;  // path of the stronger entry, or empty
  std::string refusal;      // why it cannot be used, or empty
};

// [one thread at a time]: entries are loaded inside const functions.
class Catalog {
 public:
  // Adds an entry that load() fetches on first use. Stronger ranks shadow weaker ones; within a rank, what is added
  // later shadows. The same kind and id twice in one rank and search folder (see search_folder) is ambiguous: both are
  // refused, naming both files. Throws vw::Error::internal after seal().
  void add(std::string kind, std::string id, Origin origin, Loader load, Mentions mentions = {});
  // Records a file that cannot be used. An empty kind or id: unknown. `reason` may begin with the file's path and may
  // end with "\nhint: ...". Throws vw::Error::internal after seal().
  void refuse(std::string kind, std::string id, Origin origin, const std::string& reason);
  void seal() { sealed_ = true; }
  // Who looks on while parts work; nobody at first.
  void show_progress(Progress progress) { progress_ = std::move(progress); }
  const Progress& progress() const noexcept { return progress_; }

  // True when ids() has it.
  bool has(const std::string& kind, const std::string& id) const;
  // Ids that can be asked for as far as known, sorted; refused ones are left out.
  std::vector<std::string> ids(const std::string& kind) const;
  // Those of ids() whose file holds the word, and those of which that is not known.
  std::vector<std::string> ids_mentioning(const std::string& kind, const std::string& word) const;

  // The strongest entry. Throws vw::Error: unknown id with did-you-mean and the list of what there is, or the
  // recorded refusal. A broken entry of a user is refused and the next weaker one is used; a broken installed one
  // throws.
  std::shared_ptr<const Part> part(const std::string& kind, const std::string& id) const;
  std::shared_ptr<const Json> table(const std::string& kind, const std::string& id) const;
  // All layers of a table, strongest first: for kinds whose entries add up. Empty when the id is unknown; broken
  // entries as above.
  std::vector<TableLayer> layers(const std::string& kind, const std::string& id) const;

  // Refusals met so far, one line each: the warnings of a run.
  std::vector<std::string> refusals() const;
  // Everything, loaded (`load_all`) or as far as known, sorted by kind, id, rank descending.
  std::vector<Listing> listings(bool load_all) const;

 private:
  struct Entry {
    std::string kind, id;
    Origin origin;
    Loader load;
    std::optional<Loaded> loaded;
    std::optional<Error> refusal;
    bool is_loading = false;
    Mentions mentions = {};
  };
  using Key = std::pair<std::string, std::string>;
  using Entries = std::vector<Entry>;  // strongest first

  Entry& insert(Entry entry);
  static void load_into(Entry& entry);
  const Loaded* fetch(Entry& entry) const;  // nullptr: a user's entry that is refused; throws for an installed one
  const Loaded& strongest(const std::string& kind, const std::string& id) const;
  static bool is_usable(const Entries& entries);
  static Listing listing_of(const Entry& entry);
  [[noreturn]] void fail_unknown(const std::string& kind, const std::string& id) const;

  mutable std::map<Key, Entries> entries_;
  std::vector<Entry> strays_;  // refused files without a kind or id
  bool sealed_ = false;
  Progress progress_;
};

}  // namespace vw
