#include "lua/sandbox.hpp"

#include "lua/core.hpp"

namespace vw::lua {

namespace {

constexpr lua_Integer most_values = lua_Integer{1} << 20;  // of one table function
constexpr std::size_t most_bytes = std::size_t{16} << 20;  // of one string.rep
constexpr lua_Unsigned long_walk = 1000;                   // values from which a call reads the clock

// The library's own function runs in the frame of its wrapper, so its messages name the right function and line.
int original(lua_State* L) { return lua_tocfunction(L, lua_upvalueindex(1))(L); }

// A __len of the script's own would make the C loops of the library as long as it says.
void expect_plain_length(lua_State* L, int index) {
  luaL_checktype(L, index, LUA_TTABLE);
  if (luaL_getmetafield(L, index, "__len") != LUA_TNIL) luaL_argerror(L, index, "a table with __len is refused here");
  const lua_Unsigned length = lua_rawlen(L, index);
  if (length > static_cast<lua_Unsigned>(most_values)) luaL_argerror(L, index, "more than 1048576 values");
  if (length > long_walk) check_time(L);
}

int on_plain_table(lua_State* L) {
  expect_plain_length(L, 1);
  return original(L);
}

void expect_short_range(lua_State* L, int index, lua_Integer first, lua_Integer last) {
  if (last < first) return;
  const auto count = static_cast<lua_Unsigned>(last) - static_cast<lua_Unsigned>(first);
  if (count >= static_cast<lua_Unsigned>(most_values)) luaL_argerror(L, index, "more than 1048576 values");
  if (count > long_walk) check_time(L);
}

int bounded_concat(lua_State* L) {
  expect_plain_length(L, 1);
  const auto length = static_cast<lua_Integer>(lua_rawlen(L, 1));
  expect_short_range(L, 4, luaL_optinteger(L, 3, 1), luaL_optinteger(L, 4, length));
  return original(L);
}

int bounded_move(lua_State* L) {
  expect_plain_length(L, 1);
  if (!lua_isnoneornil(L, 5)) expect_plain_length(L, 5);
  expect_short_range(L, 3, luaL_checkinteger(L, 2), luaL_checkinteger(L, 3));
  return original(L);
}

int bounded_rep(lua_State* L) {
  std::size_t size = 0, separator = 0;
  luaL_checklstring(L, 1, &size);
  const lua_Integer count = luaL_checkinteger(L, 2);
  luaL_optlstring(L, 3, "", &separator);
  if (count <= 0 || size + separator == 0) {
    lua_pushliteral(L, "");
    return 1;
  }
  if (static_cast<lua_Unsigned>(count) > most_bytes / (size + separator))
    luaL_argerror(L, 2, "the result is longer than 16 MiB");
  return original(L);
}

// A looping finalizer cannot be interrupted.
int guarded_setmetatable(lua_State* L) {
  if (lua_istable(L, 2)) {
    lua_pushliteral(L, "__gc");
    if (lua_rawget(L, 2) != LUA_TNIL) return luaL_error(L, "setmetatable: __gc is not for scripts");
    lua_pop(L, 1);
  }
  return original(L);
}

// Lua runs the handler of its own xpcall where the error was raised. After a time limit that is inside the hook, where
// no further hook fires and a handler could run for ever. This one runs after the call has been left.
int xpcall_afterwards(lua_State* L) {
  luaL_checkany(L, 2);
  lua_pushvalue(L, 2);
  lua_insert(L, 1);
  lua_remove(L, 3);  // now: handler, function, arguments
  const int status = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 0);
  if (status == LUA_OK) {
    lua_pushboolean(L, 1);
    lua_replace(L, 1);
    return lua_gettop(L);
  }
  lua_call(L, 1, LUA_MULTRET);
  lua_pushboolean(L, 0);
  lua_insert(L, 1);
  return lua_gettop(L);
}

// The arguments as print() shows them lie in one string on the stack; only the C++ half may fail.
int print_to_log(lua_State* L) {
  const int count = lua_gettop(L);
  luaL_Buffer line;
  luaL_buffinit(L, &line);
  for (int i = 1; i <= count; ++i) {
    if (i > 1) luaL_addchar(&line, '\t');
    luaL_tolstring(L, i, nullptr);
    luaL_addvalue(&line);
  }
  luaL_pushresult(&line);
  std::size_t size = 0;
  const char* const text = lua_tolstring(L, -1, &size);
  Failure failure;
  const bool done = attempt(failure, [&] {
    if (const auto& log = core_of(L).host.log) log(std::string(text, size));
  });
  return done ? 0 : raise(L, failure);
}

// Replaces library[name] by `wrapper` around it. The library lies on top of the stack.
void wrap(lua_State* L, const char* name, lua_CFunction wrapper) {
  lua_getfield(L, -1, name);
  lua_pushcclosure(L, wrapper, 1);
  lua_setfield(L, -2, name);
}

void remove(lua_State* L, const char* name) {
  lua_pushnil(L);
  lua_setfield(L, -2, name);
}

// What of Lua's own a script may look for, and what it finds instead.
struct Removed {
  const char *name, *mend;
};
constexpr Removed removed_globals[] = {
    {"io", "vw.read_file reads files in sources"},
    {"os", "there is no clock and no environment; vw.run starts programs in detectors and probes"},
    {"load", "require runs a file beside the script"},
    {"loadfile", "require runs a file beside the script"},
    {"loadstring", "require runs a file beside the script"},
    {"dofile", "require runs a file beside the script"},
    {"package", "require runs a file beside the script"},
    {"debug", "print shows values with --verbose"},
    {"warn", "print shows values with --verbose"},
    {"coroutine", "a call runs from beginning to end"},
    {"collectgarbage", "memory is freed by itself"},
};

// __index of the globals: other names that nobody set are nil as ever.
int refuse_removed(lua_State* L) {
  const char* const name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  for (const Removed& removed : removed_globals)
    if (std::strcmp(name, removed.name) == 0)
      return luaL_error(L, "'%s' is not available to scripts; %s", removed.name, removed.mend);
  return 0;
}

// The globals lie on top of the stack.
void explain_removed(lua_State* L) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, refuse_removed);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, -2);
}

void trim_base(lua_State* L) {
  lua_pushglobaltable(L);
  for (const Removed& removed : removed_globals) remove(L, removed.name);
  wrap(L, "setmetatable", guarded_setmetatable);
  lua_pushcfunction(L, xpcall_afterwards);
  lua_setfield(L, -2, "xpcall");
  lua_pushcfunction(L, print_to_log);
  lua_setfield(L, -2, "print");
  lua_pushcfunction(L, require_beside);
  lua_setfield(L, -2, "require");
  explain_removed(L);
  lua_pop(L, 1);
}

void trim_libraries(lua_State* L) {
  lua_getglobal(L, "string");
  remove(L, "dump");
  wrap(L, "rep", bounded_rep);
  lua_getglobal(L, "math");
  remove(L, "random");
  remove(L, "randomseed");
  lua_getglobal(L, "table");
  for (const char* name : {"insert", "remove", "sort", "unpack"}) wrap(L, name, on_plain_table);
  wrap(L, "concat", bounded_concat);
  wrap(L, "move", bounded_move);
  lua_pop(L, 3);
}

}  // namespace

void open_sandbox(lua_State* L) {
  luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
  luaL_requiref(L, LUA_STRLIBNAME, luaopen_string, 1);
  luaL_requiref(L, LUA_TABLIBNAME, luaopen_table, 1);
  luaL_requiref(L, LUA_MATHLIBNAME, luaopen_math, 1);
  luaL_requiref(L, LUA_UTF8LIBNAME, luaopen_utf8, 1);
  lua_pop(L, 5);
  trim_base(L);
  trim_libraries(L);
}

}  // namespace vw::lua
