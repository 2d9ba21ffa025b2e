#include "lua/api.hpp"

#include "abi/plugin.h"
#include "base/text.hpp"
#include "lua/core.hpp"
#include "lua/declarations.hpp"
#include "lua/host_access.hpp"
#include "lua/json_bridge.hpp"
#include "lua/members.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::lua {

namespace {

const char declared_key = 0;  // registry: declared table -> its Schema

// "file:line" of a misfit: where the constructor was called or, when the text shows it below, the line of the field.
std::string place_of(lua_State* L, const std::string& field) {
  lua_Debug caller{};
  if (lua_getstack(L, 1, &caller) == 0 || lua_getinfo(L, "Sl", &caller) == 0 || caller.source[0] != '@') return "";
  const std::string path = caller.source + 1;
  int line = 0;
  for (const Chunk& chunk : core_of(L).chunks)
    if (chunk.path == path && chunk.text != nullptr && !field.empty())
      line = line_of_field(*chunk.text, field, caller.currentline);
  return fmt::format("{}:{}: ", path, line == 0 ? caller.currentline : line);
}

void check(lua_State* L, const Schema& schema) {
  try {
    check_declaration(L, 1, schema);
  } catch (const Misfit& misfit) {
    throw std::runtime_error(place_of(L, misfit.field) + misfit.message);
  }
}

// vw.<constructor>{...}: returns the table itself, checked and known as a declaration.
int construct(lua_State* L) {
  const Schema& schema = *static_cast<const Schema*>(lua_touserdata(L, lua_upvalueindex(1)));
  if (!lua_istable(L, 1) || lua_gettop(L) != 1)
    return luaL_error(L, "vw.%s: expected one table: vw.%s { ... }", schema.constructor, schema.constructor);
  Failure failure;
  if (!attempt(failure, [&] { check(L, schema); })) {
    lua_pushstring(L, failure.text.data());
    return lua_error(L);
  }
  lua_rawgetp(L, LUA_REGISTRYINDEX, &declared_key);
  lua_pushvalue(L, 1);
  lua_pushlightuserdata(L, const_cast<Schema*>(&schema));
  lua_rawset(L, -3);
  lua_settop(L, 1);
  return 1;
}

// vw.list{...}: the same table, marked.
int make_list(lua_State* L) {
  if (lua_isnoneornil(L, 1)) {
    lua_settop(L, 0);
    lua_newtable(L);
  }
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  mark_list(L, 1);
  if (!is_marked_list(L, 1)) return luaL_error(L, "vw.list: the table has a metatable already");
  return 1;
}

// vw.json(value) -> the value as JSON text on one line.
int make_json(lua_State* L) {
  luaL_checkany(L, 1);
  Core& core = core_of(L);
  Failure failure;
  if (!attempt(failure, [&] { core.tray_text = to_text(read_json(L, 1, "vw.json")); })) return raise(L, failure);
  lua_pushlstring(L, core.tray_text.data(), core.tray_text.size());
  return 1;
}

// What is asked of vw, as a script may mean it: the names it holds. Only functions that never raise.
std::vector<std::string> names_of(lua_State* L, int table) {
  std::vector<std::string> names;
  lua_pushnil(L);
  while (lua_next(L, table) != 0) {
    lua_pop(L, 1);
    if (lua_type(L, -1) == LUA_TSTRING) names.emplace_back(text_at(L, -1));
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string unknown_member(lua_State* L) {
  const std::string name = lua_type(L, 2) == LUA_TSTRING ? std::string(text_at(L, 2)) : luaL_typename(L, 2);
  std::vector<std::string> near = nearest(name, names_of(L, 1), 2);
  for (std::string& meant : near) meant.insert(0, "vw.");
  const std::string mend = near.empty() ? "; vw.meta.lua lists what there is" : "; did you mean " + join_or(near) + "?";
  return "unknown vw." + printable(name) + mend;
}

// __index of vw: a name that it does not have is a misspelling, never a question.
int refuse_unknown(lua_State* L) {
  Failure failure;
  attempt(failure, [&] { throw std::runtime_error(unknown_member(L)); });
  return raise(L, failure);
}

void add_flags(lua_State* L) {
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, VW_ENFORCE_EAGER);
  lua_setfield(L, -2, "enforce_eager");
  lua_pushinteger(L, VW_EXPERT_PARALLEL);
  lua_setfield(L, -2, "expert_parallel");
  lua_pushinteger(L, VW_PREFIX_CACHING);
  lua_setfield(L, -2, "prefix_caching");
  lua_setfield(L, -2, "flags");
}

}  // namespace

void open_api(lua_State* L) {
  create_list_mark(L);
  lua_newtable(L);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &declared_key);
  lua_createtable(L, 0, static_cast<int>(schemas().size()) + 9);
  for (const Schema& schema : schemas()) {
    lua_pushlightuserdata(L, const_cast<Schema*>(&schema));
    lua_pushcclosure(L, construct, 1);
    lua_setfield(L, -2, schema.constructor);
  }
  lua_pushcfunction(L, make_list);
  lua_setfield(L, -2, "list");
  lua_pushcfunction(L, make_json);
  lua_setfield(L, -2, "json");
  lua_pushlightuserdata(L, nullptr);
  lua_setfield(L, -2, "null");
  lua_pushinteger(L, api_version);
  lua_setfield(L, -2, "api_version");
  add_flags(L);
  add_access(L, "");
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, refuse_unknown);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
  lua_setglobal(L, "vw");
}

const Schema* schema_of(lua_State* L, int index) noexcept {
  if (!lua_istable(L, index)) return nullptr;
  const int place = lua_absindex(L, index);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &declared_key);
  lua_pushvalue(L, place);
  lua_rawget(L, -2);
  const auto* schema = static_cast<const Schema*>(lua_touserdata(L, -1));
  lua_pop(L, 2);
  return schema;
}

}  // namespace vw::lua
