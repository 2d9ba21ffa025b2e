// lua, inside: vw.expect and vw.fails, which only tests of scripts see.
#pragma once

struct lua_State;

namespace vw::lua {

// Adds both to the global `vw`. May raise.
void add_expectations(lua_State* L);

}  // namespace vw::lua
