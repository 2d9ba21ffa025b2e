#include "lua/host_access.hpp"

#include "abi/plugin.h"
#include "base/process.hpp"
#include "lua/core.hpp"
#include "lua/json_bridge.hpp"
#include "lua/members.hpp"

#include <algorithm>
#include <array>

namespace vw::lua {

namespace {

constexpr std::size_t most_file_bytes = std::size_t{16} << 20;
constexpr double most_timeout_s = 60;

// vw.read_file(path) -> text, or nil when there is no such file.
int read_file(lua_State* L) {
  const char* const path = luaL_checkstring(L, 1);
  Core& core = core_of(L);
  bool is_there = false;
  Failure failure;
  const bool done = attempt(failure, [&] {
    if (core.host.files == nullptr) throw Error("vw.read_file", "no files can be reached from here");
    auto text = core.host.files->read(path, most_file_bytes);
    is_there = text.has_value();
    core.tray_text = is_there ? std::move(*text) : "";
  });
  if (!done) return raise(L, failure);
  if (is_there)
    lua_pushlstring(L, core.tray_text.data(), core.tray_text.size());
  else
    lua_pushnil(L);
  return 1;
}

const Catalog& catalog_of(const Core& core, const char* binding) {
  if (core.host.catalog == nullptr) throw Error(binding, "the catalog is not filled yet");
  return *core.host.catalog;
}

int push_tray(lua_State* L) {
  push_json(L, core_of(L).tray_json);
  return 1;
}

// vw.entries(kind, id) -> list of the layers of a table, strongest first.
int entries(lua_State* L) {
  const char* const kind = luaL_checkstring(L, 1);
  const char* const id = luaL_checkstring(L, 2);
  Core& core = core_of(L);
  Failure failure;
  const bool done = attempt(failure, [&] {
    Json layers = Json::array();
    for (const TableLayer& layer : catalog_of(core, "vw.entries").layers(kind, id)) layers.push_back(*layer.table);
    core.tray_json = std::move(layers);
  });
  return done ? push_tray(L) : raise(L, failure);
}

// vw.ids(kind) -> sorted list of ids.
int ids(lua_State* L) {
  const char* const kind = luaL_checkstring(L, 1);
  Core& core = core_of(L);
  Failure failure;
  const bool done = attempt(failure, [&] { core.tray_json = catalog_of(core, "vw.ids").ids(kind); });
  return done ? push_tray(L) : raise(L, failure);
}

std::vector<std::string> read_arguments(lua_State* L) {
  const Json list = read_json(L, 1, "argument");
  std::vector<std::string> arguments;
  if (!list.is_array() || list.empty()) throw Error("vw.run", "expected a list of words: vw.run({ \"program\", ... })");
  for (const Json& word : list) {
    if (!word.is_string()) throw Error("vw.run", "expected a list of words, each a string");
    arguments.push_back(word.get<std::string>());
  }
  return arguments;
}

const char* name_of(ProcessResult::End end) {
  switch (end) {
    case ProcessResult::End::exited:
      return "exited";
    case ProcessResult::End::not_found:
      return "not-found";
    case ProcessResult::End::timed_out:
      return "timed-out";
    case ProcessResult::End::output_too_large:
      return "output-too-large";
    case ProcessResult::End::killed:
      break;
  }
  return "killed";
}

// vw.run({ words }, timeout_s) -> { end, exit_code, output, errors }.
int run(lua_State* L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  const double timeout_s = luaL_optnumber(L, 2, 10);
  luaL_argcheck(L, timeout_s > 0 && timeout_s <= most_timeout_s, 2, "expected seconds, above 0 and up to 60");
  Core& core = core_of(L);
  Failure failure;
  const bool done = attempt(failure, [&] {
    const ProcessResult result = run_process(read_arguments(L), timeout_s);
    core.tray_json = {{"end", name_of(result.end)},
                      {"exit_code", result.exit_code},
                      {"output", result.output},
                      {"errors", result.errors}};
  });
  return done ? push_tray(L) : raise(L, failure);
}

int refuse(lua_State* L) {
  return luaL_error(L, "vw.%s is for %s only", lua_tostring(L, lua_upvalueindex(1)),
                    lua_tostring(L, lua_upvalueindex(2)));
}

struct Access {
  const char* name;
  lua_CFunction function;
  std::array<std::string_view, 2> kinds;
  const char* whose;

  // A script that lies flat has no kind, and no access.
  bool is_for(std::string_view kind) const {
    return !kind.empty() && std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }
};

constexpr Access accesses[] = {{"read_file", read_file, {VW_KIND_METADATA_SOURCE}, "sources"},
                               {"entries", entries, {VW_KIND_METADATA_SOURCE}, "sources"},
                               {"ids", ids, {VW_KIND_METADATA_SOURCE}, "sources"},
                               {"run", run, {VW_KIND_GPU_DETECTOR, VW_KIND_SERVER_PROBE}, "detectors and probes"}};

}  // namespace

void add_access(lua_State* L, std::string_view kind) {
  for (const Access& access : accesses) {
    if (access.is_for(kind)) {
      lua_pushcfunction(L, access.function);
    } else {
      lua_pushstring(L, access.name);
      lua_pushstring(L, access.whose);
      lua_pushcclosure(L, refuse, 2);
    }
    lua_setfield(L, -2, access.name);
  }
}

void grant_access(lua_State* L, std::string_view kind) {
  lua_getglobal(L, "vw");
  add_access(L, kind);
  lua_pop(L, 1);
}

}  // namespace vw::lua
