// lua, inside: the `vw` table.
#pragma once

#include "lua/schema.hpp"

struct lua_State;

namespace vw::lua {

inline constexpr int api_version = 1;

// Sets the global `vw`: constructors, vw.list, vw.null, vw.flags, vw.api_version, and the functions of host_access.hpp
// in their refusing form. May raise.
void open_api(lua_State* L);

// The schema that declared the table at `index`, or nullptr. Never raises.
const Schema* schema_of(lua_State* L, int index) noexcept;

}  // namespace vw::lua
