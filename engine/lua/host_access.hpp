// lua, inside: what a script may reach outside its own file.
#pragma once

#include <string_view>

struct lua_State;

namespace vw::lua {

// Puts vw.read_file, vw.entries, vw.ids and vw.run into the table on top of the stack. Sources get the first three,
// detectors the last; to other kinds they only say whose they are. May raise.
void add_access(lua_State* L, std::string_view kind);

// The same for the global `vw`.
void grant_access(lua_State* L, std::string_view kind);

}  // namespace vw::lua
