// lua, inside: what hangs on one lua_State, and the gate through which C++ work is done for a script.
#pragma once

#include "lua/pool.hpp"
#include "lua/state.hpp"

#include <lua.hpp>

#include <array>
#include <chrono>
#include <cstring>
#include <string>
#include <vector>

static_assert(LUA_VERSION_NUM == 504, "the sandbox and the limits were checked against Lua 5.4");

namespace vw::lua {

using Text = std::shared_ptr<const std::string>;

// One loaded file: the script, its helpers, its test.
struct Chunk {
  std::string path;
  Text text;
  std::string bytecode{};  // of this text, where the build left some
};

// Throws vw::Error when the compiled file is there but cannot be read.
Chunk make_chunk(const Host& host, std::string path, Text text);

// Reached from a lua_State through its extra space; its address never changes.
struct Core {
  // Never closed: scripts can set no finalizers, and the pool takes all of its memory back at once.
  lua_State* state = nullptr;
  Pool pool;
  Host host;
  Limits limits;
  std::vector<Chunk> chunks;  // the main script first

  std::size_t used_bytes = 0;
  bool memory_was_refused = false;  // from then on the clock is read at every instruction

  std::chrono::steady_clock::time_point wall_deadline{};
  double cpu_deadline_s = 0;
  bool is_over = false;                         // the time is up: the hook fires on every instruction
  std::array<char, LUA_IDSIZE + 24> over_at{};  // "file:line" where it was noticed
  double allowed_s = 0;

  // Values on their way into Lua. They lie here and not in a C++ scope, because pushing them may raise.
  Json tray_json;
  std::string tray_text;
};

inline Core& core_of(lua_State* L) noexcept { return **static_cast<Core**>(lua_getextraspace(L)); }

// Raises when the time is up: for bindings that work long between two instructions of the script.
void check_time(lua_State* L);

// Full paths instead of the 59 characters that Lua keeps of a chunk's name.
std::string expand_paths(const Core& core, std::string text);
// The line, from `first` on, of `field =` in a text; 0 when it is not there.
int line_of_field(const std::string& text, const std::string& field, int first);

// A message that outlives the C++ scope it was made in.
struct Failure {
  std::array<char, 2048> text{};
  void set(const char* message) noexcept { std::strncpy(text.data(), message, text.size() - 1); }
};

// The gate: does C++ work for a binding. The work may read Lua values by functions that never raise, and nothing else
// of Lua. Returns false and fills `failure` when it throws.
template <class Work>
bool attempt(Failure& failure, Work&& work) noexcept {
  try {
    work();
    return true;
  } catch (const std::exception& caught) {
    failure.set(caught.what());
  } catch (...) {
    failure.set("an exception without a message was thrown");
  }
  return false;
}

// Raises `failure` with the position of the calling script in front. To be called after the C++ scope has closed.
inline int raise(lua_State* L, const Failure& failure) { return luaL_error(L, "%s", failure.text.data()); }

}  // namespace vw::lua
