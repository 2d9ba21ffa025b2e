// lua, inside: what of Lua's own libraries a script sees, and `require`.
#pragma once

#include <cstddef>

struct lua_State;

namespace vw::lua {

// Opens base, string, table, math and utf8 without what loads code, is random, hangs or eats memory. May raise.
void open_sandbox(lua_State* L);

// Pushes the compiled function of core.chunks[index]. Text only; raises the syntax error of the chunk.
void load_chunk(lua_State* L, std::size_t index);

// The binding of `require`: a file beside the calling one, run once per state.
int require_beside(lua_State* L);

}  // namespace vw::lua
