#include "base/text.hpp"
#include "lua/core.hpp"
#include "lua/sandbox.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::lua {

namespace {

const char loaded_key = 0;  // registry: path -> value, or this address while the file runs

// Chunk names are '@' and the whole path, but Lua shows them shortened: `source` is the whole one.
std::string folder_of_caller(lua_State* L) {
  lua_Debug caller{};
  if (lua_getstack(L, 1, &caller) == 0 || lua_getinfo(L, "S", &caller) == 0 || caller.source[0] != '@') return ".";
  const std::string path = caller.source + 1;
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

bool is_plain_name(std::string_view name) {
  const auto is_allowed = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-'; };
  return !name.empty() && std::all_of(name.begin(), name.end(), is_allowed);
}

std::string path_beside(lua_State* L, std::string_view name) {
  if (!is_plain_name(name))
    throw Error("require", fmt::format("{} is no name of a file beside this one, expected letters, digits, '_' and '-'",
                                       quote(name)));
  const std::string folder = folder_of_caller(L);
  return folder == "." ? std::string(name) + ".lua" : fmt::format("{}/{}.lua", folder, name);
}

std::string names_beside(const Files& files, const std::string& path, const std::string& name) {
  std::vector<std::string> names;
  const std::size_t slash = path.rfind('/');
  for (const std::string& file : files.list(slash == std::string::npos ? "." : path.substr(0, slash)))
    if (file.ends_with(".lua")) names.push_back(file.substr(0, file.size() - 4));
  const std::string meant = did_you_mean(name, names);
  return meant.empty() ? meant : "; " + meant;
}

// Adds the file to the chunks of the state; returns its index.
std::size_t add_chunk(Core& core, const std::string& path, const std::string& name) {
  if (core.host.files == nullptr) throw Error("require", "no files can be reached from here");
  auto text = core.host.files->read(path);
  if (!text)
    throw Error("require",
                fmt::format("there is no file {}{}", quote(path), names_beside(*core.host.files, path, name)));
  core.chunks.push_back(make_chunk(core.host, path, std::make_shared<const std::string>(std::move(*text))));
  return core.chunks.size() - 1;
}

// Pushes the table of what was required already.
void push_loaded(lua_State* L) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_key) == LUA_TTABLE) return;
  lua_pop(L, 1);
  lua_newtable(L);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &loaded_key);
}

// Stack: name, loaded, path. Leaves the value of the file.
int run_required(lua_State* L, std::size_t chunk) {
  lua_pushvalue(L, 3);
  lua_pushlightuserdata(L, const_cast<char*>(&loaded_key));
  lua_rawset(L, 2);
  load_chunk(L, chunk);
  lua_call(L, 0, 1);
  if (lua_isnil(L, -1)) {
    lua_pop(L, 1);
    lua_pushboolean(L, 1);
  }
  lua_pushvalue(L, 3);
  lua_pushvalue(L, -2);
  lua_rawset(L, 2);
  return 1;
}

}  // namespace

void load_chunk(lua_State* L, std::size_t index) {
  const Chunk& chunk = core_of(L).chunks[index];
  const char* const name = lua_pushfstring(L, "@%s", chunk.path.c_str());
  const bool is_compiled = !chunk.bytecode.empty();
  const std::string& code = is_compiled ? chunk.bytecode : *chunk.text;
  if (luaL_loadbufferx(L, code.data(), code.size(), name, is_compiled ? "b" : "t") != LUA_OK) lua_error(L);
  lua_remove(L, -2);
}

int require_beside(lua_State* L) {
  std::size_t size = 0;
  const char* const name = luaL_checklstring(L, 1, &size);
  lua_settop(L, 1);
  push_loaded(L);
  Core& core = core_of(L);
  Failure failure;
  if (!attempt(failure, [&] { core.tray_text = path_beside(L, {name, size}); })) return raise(L, failure);
  lua_pushlstring(L, core.tray_text.data(), core.tray_text.size());
  lua_pushvalue(L, 3);
  if (lua_rawget(L, 2) == LUA_TLIGHTUSERDATA && lua_touserdata(L, -1) == &loaded_key)
    return luaL_error(L, "require: '%s' is still being loaded by the file that requires this one", name);
  if (!lua_isnil(L, -1)) return 1;
  lua_pop(L, 1);
  std::size_t chunk = 0;
  if (!attempt(failure, [&] { chunk = add_chunk(core, lua_tostring(L, 3), {name, size}); })) return raise(L, failure);
  return run_required(L, chunk);
}

}  // namespace vw::lua
