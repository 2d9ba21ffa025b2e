// lua, inside: reading a script's tables from C++ scopes. No function here raises or calls a metamethod.
#pragma once

#include <string>
#include <string_view>

struct lua_State;

namespace vw::lua {

// Pushes table[name], or nil, and returns its type. Compares keys where they lie: making a string may raise.
int push_member(lua_State* L, int table, std::string_view name) noexcept;

// "" and `otherwise` when the member is absent or of another type.
std::string text_member(lua_State* L, int table, std::string_view name);
double number_member(lua_State* L, int table, std::string_view name, double otherwise) noexcept;
bool has_member(lua_State* L, int table, std::string_view name) noexcept;

// The text at `index`, which must be a string.
std::string_view text_at(lua_State* L, int index) noexcept;

}  // namespace vw::lua
