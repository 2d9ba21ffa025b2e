#include "lua/members.hpp"

#include "lua/core.hpp"

namespace vw::lua {

std::string_view text_at(lua_State* L, int index) noexcept {
  std::size_t size = 0;
  const char* const bytes = lua_tolstring(L, index, &size);
  return {bytes, size};
}

int push_member(lua_State* L, int table, std::string_view name) noexcept {
  const int place = lua_absindex(L, table);
  lua_pushnil(L);
  while (lua_next(L, place) != 0) {
    if (lua_type(L, -2) == LUA_TSTRING && text_at(L, -2) == name) {
      lua_remove(L, -2);
      return lua_type(L, -1);
    }
    lua_pop(L, 1);
  }
  lua_pushnil(L);
  return LUA_TNIL;
}

std::string text_member(lua_State* L, int table, std::string_view name) {
  const bool is_text = push_member(L, table, name) == LUA_TSTRING;
  std::string text;
  if (is_text) text = text_at(L, -1);
  lua_pop(L, 1);
  return text;
}

double number_member(lua_State* L, int table, std::string_view name, double otherwise) noexcept {
  const bool is_number = push_member(L, table, name) == LUA_TNUMBER;
  const double number = is_number ? lua_tonumberx(L, -1, nullptr) : otherwise;
  lua_pop(L, 1);
  return number;
}

bool has_member(lua_State* L, int table, std::string_view name) noexcept {
  const bool has = push_member(L, table, name) != LUA_TNIL;
  lua_pop(L, 1);
  return has;
}

}  // namespace vw::lua
