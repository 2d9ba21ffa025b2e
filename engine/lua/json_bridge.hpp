// lua, inside: JSON values to Lua values and back. null is nil as a member and vw.null in a list; integers stay
// integers; lists carry a mark (their metatable), so that an empty one is no object when it comes back.
#pragma once

#include "base/json_reader.hpp"

struct lua_State;

namespace vw::lua {

// Most levels of lists and objects, both ways.
inline constexpr int most_depth = 64;

// Pushes a value. May raise (memory, depth): `value` must not belong to a C++ scope that a raise would skip.
void push_json(lua_State* L, const Json& value);

// The Lua value at `index`. Never raises; throws vw::Error "path: what", where path begins with `name`: functions,
// NaN and infinity, lists with holes or with names among the indices, depth over 64, too much of it.
Json read_json(lua_State* L, int index, const std::string& name);

// Marks the table at `index` as a list, unless it has a metatable. Never raises.
void mark_list(lua_State* L, int index) noexcept;
bool is_marked_list(lua_State* L, int index) noexcept;

// Makes the mark; once per state. May raise.
void create_list_mark(lua_State* L);

}  // namespace vw::lua
