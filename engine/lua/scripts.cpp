#include "lua/scripts.hpp"

#include "base/text.hpp"
#include "lua/api.hpp"
#include "lua/core.hpp"
#include "lua/declarations.hpp"
#include "lua/json_bridge.hpp"
#include "lua/members.hpp"
#include "lua/script_part.hpp"
#include "parts/origins.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::lua {

namespace {

constexpr std::string_view extension = ".lua";

std::string name_of_path(const std::string& path) { return path.substr(path.rfind('/') + 1); }

std::string stem_of(const std::string& path) {
  const std::string name = name_of_path(path);
  return name.ends_with(extension) ? name.substr(0, name.size() - extension.size()) : name;
}

// The kind of the folder that a script lies in; nullptr: it lies flat.
const KindFolder* folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos || slash == 0 ? nullptr : find_folder(name_of_path(path.substr(0, slash)));
}

std::string label_of(const Schema& schema, const std::string& id) {
  return short_kind(schema.kind) + (schema.id_field == nullptr ? "" : " " + quote(id));
}

// The table on top of the stack as a declaration of this file. Checks what the constructor cannot know: the file.
class Declared {
 public:
  Declared(const State& state, const Script& script) : state_(state), script_(script) {
    schema_ = schema_of(state.raw(), -1);
    if (schema_ == nullptr) fail_kind();
    written_ = schema_->id_field == nullptr ? schema_->constructor : text_member(state.raw(), -1, schema_->id_field);
    check_folder();
    check_name();
  }

  Declaration load(const Origin& origin) const {
    const std::string id = lower(written_);
    if (is_part_kind(schema_->kind)) return {schema_->kind, id, part(id, origin)};
    return {schema_->kind, id, std::make_shared<const Json>(table())};
  }

 private:
  [[noreturn]] void fail_kind() const {
    throw Error(script_.path, fmt::format("returned a {}, expected one declaration: return vw.<kind> {{ ... }}",
                                          luaL_typename(state_.raw(), -1)));
  }

  void check_folder() const {
    const KindFolder* const folder = folder_of(script_.path);
    if (folder == nullptr || std::string_view(folder->kind) == schema_->kind) return;
    throw state_.error_at_field("", fmt::format("{}: does not belong into the folder '{}', expected vw.{}",
                                                label_of(*schema_, written_), folder->folder, folder->constructor));
  }

  // Ids are lower case already, but for organisations, whose spelling is the Hub's.
  void check_name() const {
    const std::string stem = stem_of(script_.path);
    const bool is_organisation = std::string_view(schema_->kind) == table_kind::models;
    if ((is_organisation ? lower(written_) : written_) == stem) return;
    const char* const field = schema_->id_field == nullptr ? "" : schema_->id_field;
    throw state_.error_at_field(
        field, fmt::format("{}: is not the name of the file, expected {}{}", label_of(*schema_, written_), quote(stem),
                           is_organisation ? " in any case" : ""));
  }

  Json table() const {
    try {
      return read_json(state_.raw(), -1, "");
    } catch (const Error& error) {
      const std::string field = error.where().substr(error.where().rfind('.') + 1);
      throw state_.error_at_field(field.substr(0, field.find('[')), label_of(*schema_, written_) + ": " + error.what());
    }
  }

  std::shared_ptr<const Part> part(const std::string& id, const Origin& origin) const {
    const auto script = std::make_shared<Script>(script_);
    script->schema = schema_;
    script->id = id;
    script->summary = text_member(state_.raw(), -1, "summary");
    const bool answers = has_member(state_.raw(), -1, "explain") || has_member(state_.raw(), -1, "policy");
    return make_part(script, origin, answers);
  }

  const State& state_;
  const Script& script_;
  const Schema* schema_;
  std::string written_;
};

// The declaration on top of the stack, or each of a list of them.
std::vector<Declaration> load_declarations(const State& state, const Script& script, const Origin& origin) {
  lua_State* const L = state.raw();
  const bool is_list = schema_of(L, -1) == nullptr && lua_istable(L, -1) && lua_rawlen(L, -1) > 0;
  if (!is_list) return {Declared(state, script).load(origin)};
  std::vector<Declaration> declarations;
  const auto count = static_cast<lua_Integer>(lua_rawlen(L, -1));
  for (lua_Integer i = 1; i <= count; ++i) {
    lua_rawgeti(L, -1, i);
    Declaration loaded = Declared(state, script).load(origin);
    lua_pop(L, 1);
    for (const Declaration& other : declarations)
      if (other.kind == loaded.kind)
        throw Error(script.path, fmt::format("declares {} {} twice", short_kind(loaded.kind), quote(loaded.id)));
    declarations.push_back(std::move(loaded));
  }
  return declarations;
}

std::vector<Declaration> load(const std::string& path, Origin::Rank rank, const Host& load_host, const Host& part_host,
                              const Limits& limits) {
  if (load_host.files == nullptr) throw Error::internal("a script is loaded without files");
  Script script;
  script.path = path;
  script.text = std::make_shared<const std::string>(read_file(*load_host.files, path, path));
  script.host = load_host;
  script.limits = limits;
  if (const KindFolder* const folder = folder_of(path)) script.schema = schema_of_kind(folder->kind);
  State state = run_script(script);
  script.host = part_host;
  std::vector<Declaration> declarations = load_declarations(state, script, {rank, path, ""});
  // A script lying flat ran without the access of its kind, and one of a list shares its state.
  const bool is_one_part = declarations.size() == 1 && is_part_kind(declarations.front().kind);
  if (is_one_part && script.schema != nullptr) script.ready->put(std::move(state));
  return declarations;
}

bool is_script(const std::string& name) {
  return name.ends_with(extension) && !name.starts_with('_') && !name.ends_with("_test.lua") &&
         !name.ends_with(".meta.lua");
}

// Adds the files of one kind's folder, unread.
class Indexer {
 public:
  Indexer(Origin::Rank rank, const Host& host, Catalog& catalog) : rank_(rank), host_(host), catalog_(catalog) {
    if (host_.catalog == nullptr) host_.catalog = &catalog;
  }

  void add_lazily(const std::string& kind, const std::string& path) {
    const std::string id = stem_of(path);
    Origin origin{rank_, path, ""};
    if (!is_id(id))
      return catalog_.refuse("", "", std::move(origin),
                             fmt::format("{}: {} is no id, expected a kebab-case file name", path, quote(id)));
    const auto load_it = [path, rank = rank_, host = host_] { return load(path, rank, host, host, {}).front().loaded; };
    const auto mentions = [path, files = host_.files](const std::string& word) {
      const auto content = files->read(path);
      return content && content->find(word) != std::string::npos;
    };
    catalog_.add(kind, id, std::move(origin), load_it, mentions);
  }

  void add_folder(const std::string& path, const std::string& name) {
    const std::vector<std::string> files = host_.files->list(path);
    const KindFolder* const folder = find_folder(name);
    if (folder == nullptr) return refuse_folder(path, name, files);
    for (const std::string& file : files)
      if (is_script(file)) add_lazily(folder->kind, path + "/" + file);
  }

  // A script that says itself what it is. It runs while the catalog is being filled, and sees none.
  void add_flat(const std::string& path) {
    Host without_catalog = host_;
    without_catalog.catalog = nullptr;
    try {
      for (Declaration& declared : load(path, rank_, without_catalog, host_, {}))
        catalog_.add(declared.kind, declared.id, {rank_, path, ""}, [loaded = declared.loaded] { return loaded; });
    } catch (const Error& error) {
      catalog_.refuse("", "", {rank_, path, ""}, describe(error));
    }
  }

 private:
  // Only a folder with scripts can be a misspelt one.
  void refuse_folder(const std::string& path, const std::string& name, const std::vector<std::string>& files) {
    if (std::none_of(files.begin(), files.end(), is_script)) return;
    std::vector<std::string> names;
    for (const KindFolder& known : kind_folders()) names.emplace_back(known.folder);
    const std::string meant = did_you_mean(name, names);
    catalog_.refuse("", "", {rank_, path, ""},
                    fmt::format("{}: {} is no folder of scripts, {}", path, quote(name),
                                meant.empty() ? "expected one of " + join(names, ", ") : meant));
  }

  Origin::Rank rank_;
  Host host_;
  Catalog& catalog_;
};

}  // namespace

std::vector<Declaration> load_script(const std::string& path, Origin::Rank rank, const Host& host,
                                     const Limits& limits) {
  return load(path, rank, host, host, limits);
}

void index_scripts(const std::string& folder, Origin::Rank rank, const Host& host, Catalog& catalog) {
  if (host.files == nullptr) throw Error::internal("scripts are indexed without files");
  Indexer indexer(rank, host, catalog);
  for (const std::string& name : host.files->list(folder)) {
    const std::string path = folder + "/" + name;
    if (name == "defaults.lua")
      indexer.add_lazily(table_kind::defaults, path);
    else if (is_script(name))
      indexer.add_flat(path);
    else if (!name.starts_with('.') && host.files->is_folder(path))
      indexer.add_folder(path, name);
  }
}

}  // namespace vw::lua
