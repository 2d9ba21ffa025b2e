#include "native/loader.hpp"

#include "base/files.hpp"
#include "base/text.hpp"
#include "parts/origins.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <map>
#include <utility>

namespace vw::native {
namespace {

constexpr std::string_view suffix = ".so";

bool is_plugin_file(const std::string& name) {
  return name.size() > suffix.size() && name.ends_with(suffix) && !name.starts_with('.');
}

// dlerror() begins with the path, which stands in front of our message anyway.
std::string reason_of_dlerror(const std::string& path) {
  const char* text = dlerror();
  std::string reason = text == nullptr ? "unknown reason" : printable(text, 1000);
  if (reason.starts_with(path + ": ")) reason.erase(0, path.size() + 2);
  return reason;
}

void check_abi(const std::string& path, const vw_plugin& plugin) {
  if (plugin.abi_major == VW_ABI_MAJOR && plugin.abi_minor <= VW_ABI_MINOR) return;
  throw Error(path, fmt::format("built for plugin ABI {}.{}; this vllm-wizard speaks {}.{}; rebuild it",
                                plugin.abi_major, plugin.abi_minor, VW_ABI_MAJOR, VW_ABI_MINOR));
}

void check_head(const std::string& path, const vw_plugin& plugin) {
  if (plugin.name == nullptr) throw Error(path, "the plugin's name is null, expected kebab-case");
  if (!is_id(plugin.name))
    throw Error(path, fmt::format("the plugin's name '{}' is not kebab-case", printable(plugin.name)));
  if (plugin.version == nullptr) throw Error(path, fmt::format("the version of plugin '{}' is null", plugin.name));
  if (plugin.part_count == 0 || plugin.parts == nullptr)
    throw Error(path, fmt::format("plugin '{}' has no parts, expected at least one", plugin.name));
}

// The exported descriptor. The border is checked before anything behind the two version numbers is read.
const vw_plugin& open_plugin(const std::string& path) {
  // Without a slash, dlopen would search the system's library folders.
  const std::string file = path.find('/') == std::string::npos ? "./" + path : path;
  void* handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw Error(path, "cannot be opened as a plugin: " + reason_of_dlerror(file));
  const void* symbol = dlsym(handle, "vw_plugin_main");
  if (symbol == nullptr) throw Error(path, "exports no vw_plugin_main, so it is no plugin of vllm-wizard");
  const auto& plugin = *static_cast<const vw_plugin*>(symbol);
  check_abi(path, plugin);
  check_head(path, plugin);
  return plugin;
}

// Names the revision that would have been taken, unless the whole kind is new.
std::string note_on_kind(const std::string& path, const vw_plugin& plugin, const vw_part& part) {
  const KindFolder* known = find_kind(short_kind(part.kind));
  return fmt::format("{}: plugin '{}': part '{}' is skipped: this vllm-wizard does not know the kind '{}'{}", path,
                     plugin.name, part.id == nullptr ? "" : printable(part.id), printable(part.kind),
                     known == nullptr ? std::string() : fmt::format(", only '{}'", known->kind));
}

// A kind of a newer vllm-wizard is no fault of the plugin.
bool is_of_unknown_kind(const vw_part& part) {
  return part.size >= offsetof(vw_part, summary) && part.kind != nullptr && !is_part_kind(part.kind);
}

Part read_part(const std::string& path, const vw_plugin& plugin, std::uint32_t index, const Origin& origin) {
  try {
    return Part(*plugin.parts[index], origin);
  } catch (const Error& error) {
    throw Error(path, fmt::format("plugin '{}': part {}: {}", plugin.name, index + 1, error.message()), error.hint());
  }
}

// The one part of a plugin in a kind's folder.
Loaded load_named(const std::string& path, Origin::Rank rank, const std::string& kind, const std::string& id) {
  std::vector<std::string> notes;
  std::vector<Part> parts = load_plugin(path, rank, notes);
  const std::string expected = fmt::format("{} '{}'", short_kind(kind), id);
  if (parts.size() != 1)
    throw Error(path,
                fmt::format("holds {} parts, expected {} alone, as its folder and name say", parts.size(), expected),
                join(notes, "; "));
  if (parts.front().kind() != kind || parts.front().id() != id)
    throw Error(path,
                fmt::format("holds {}, expected {}, as its folder and name say", parts.front().label(), expected));
  return std::make_shared<const Part>(std::move(parts.front()));
}

void index_named(const std::string& path, const std::string& name, const std::string& kind, Origin::Rank rank,
                 Catalog& catalog) {
  const std::string id = name.substr(0, name.size() - suffix.size());
  if (!is_id(id)) {
    catalog.refuse(kind, "", {rank, path, ""}, fmt::format("the file name '{}' is not kebab-case", printable(id)));
    return;
  }
  catalog.add(kind, id, {rank, path, ""}, [=] { return load_named(path, rank, kind, id); });
}

void index_flat(const std::string& path, Origin::Rank rank, Catalog& catalog) {
  try {
    std::vector<std::string> notes;
    for (Part& loaded : load_plugin(path, rank, notes)) {
      const auto part = std::make_shared<const Part>(std::move(loaded));
      catalog.add(part->kind(), part->id(), part->origin(), [part] { return part; });
    }
    for (const std::string& note : notes) catalog.refuse("", "", {rank, path, ""}, note);
  } catch (const Error& error) {
    if (error.kind() == Error::Kind::internal) throw;
    catalog.refuse("", "", {rank, path, ""}, describe(error));
  }
}

std::string refusal_of_folder(const std::string& name) {
  std::vector<std::string> names;
  for (const KindFolder& known : kind_folders())
    if (is_part_kind(known.kind)) names.push_back(known.folder);
  const std::string meant = did_you_mean(name, names);
  return fmt::format("no plugins lie in a folder named '{}'{}{}", printable(name), meant.empty() ? "" : "; ", meant);
}

void index_folder(const std::string& folder, const std::string& name, Origin::Rank rank, Catalog& catalog) {
  const KindFolder* known = find_folder(name);
  const bool is_for_parts = known != nullptr && is_part_kind(known->kind);
  for (const std::string& file : disk_files().list(folder)) {
    if (!is_plugin_file(file)) continue;
    const std::string path = folder + "/" + file;
    if (is_for_parts)
      index_named(path, file, known->kind, rank, catalog);
    else
      catalog.refuse("", "", {rank, path, ""}, refusal_of_folder(name));
  }
}

}  // namespace

std::vector<Part> load_plugin(const std::string& path, Origin::Rank rank, std::vector<std::string>& notes) {
  const vw_plugin& plugin = open_plugin(path);
  const Origin origin{rank, path, fmt::format("{} {}", plugin.name, printable(plugin.version))};
  std::vector<Part> parts;
  std::map<std::pair<std::string, std::string>, std::uint32_t> numbers;  // of the parts, from 1
  for (std::uint32_t i = 0; i < plugin.part_count; ++i) {
    if (plugin.parts[i] == nullptr) throw Error(path, fmt::format("plugin '{}': part {} is null", plugin.name, i + 1));
    if (is_of_unknown_kind(*plugin.parts[i])) {
      notes.push_back(note_on_kind(path, plugin, *plugin.parts[i]));
      continue;
    }
    Part part = read_part(path, plugin, i, origin);
    const auto [first, is_new] = numbers.emplace(std::pair(part.kind(), part.id()), i + 1);
    if (!is_new)
      throw Error(path, fmt::format("plugin '{}': parts {} and {} are both {}", plugin.name, first->second, i + 1,
                                    part.label()));
    parts.push_back(std::move(part));
  }
  return parts;
}

void index_plugins(const std::string& folder, Origin::Rank rank, Catalog& catalog) {
  const Files& files = disk_files();
  for (const std::string& name : files.list(folder)) {
    const std::string path = folder + "/" + name;
    if (files.is_folder(path))
      index_folder(path, name, rank, catalog);
    else if (is_plugin_file(name))
      index_flat(path, rank, catalog);
  }
}

}  // namespace vw::native
