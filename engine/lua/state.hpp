// lua: the only room that includes Lua. One owned, sandboxed, limited state per script.
#pragma once

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "parts/catalog.hpp"

#include <functional>
#include <memory>
#include <string>
#include <type_traits>

struct lua_State;

namespace vw::lua {

struct Limits {
  std::size_t memory_bytes = std::size_t{64} << 20;  // per state, by allocator
  double call_s = 1.0;                               // one cold call, in CPU time of the calling thread
  double per_candidate_s = 5e-6;                     // added per candidate of a block
};

// What a script may reach outside its own file.
struct Host {
  const Files* files = nullptr;                      // for `require` and vw.read_file
  const Catalog* catalog = nullptr;                  // for vw.entries; null while the catalog is being filled
  std::function<void(const std::string& line)> log;  // where print() goes; may be empty
  std::string compiled_folder{};                     // of the build (see compiled.hpp); may be empty
};

struct Core;

// Owns one lua_State with its limits, its sandbox and the `vw` table. [one thread at a time]
class State {
 public:
  // `path` names the script in messages and is where `require` starts. Throws vw::Error when memory does not suffice.
  State(std::string path, Host host, Limits limits = {});
  State(State&&) noexcept;
  State& operator=(State&&) noexcept;
  ~State();

  lua_State* raw() const noexcept;
  const std::string& path() const noexcept;
  const Limits& limits() const noexcept;

  // Runs body(lua_State*) -> number of results inside a protected call that may take `seconds` of CPU time. The body
  // may raise Lua errors, so neither it nor what it calls may hold anything with a destructor while it touches Lua,
  // and it must not throw. The top `arguments` values of the stack become its arguments, its results are left there.
  // Throws vw::Error: file:line, message, traceback.
  template <class Body>
  int protect(double seconds, int arguments, Body body) {
    static_assert(std::is_trivially_destructible_v<Body>, "a Lua error would skip the destructor");
    return run([](lua_State* L, void* at) { return (*static_cast<Body*>(at))(L); }, &body, seconds, arguments);
  }

  // Compiles `text` (kept; text chunks only) under the name `path` and runs it, leaving `results` values on the
  // stack. Throws like protect().
  void run_chunk(const std::string& path, std::shared_ptr<const std::string> text, int results);

  // "file:line" of the function at `index` of the stack, for complaints about what it returned.
  std::string place_of_function(int index) const;
  // An error at the line of the main script where `field = ` is written first, else at the script.
  Error error_at_field(const std::string& field, const std::string& message) const;

 private:
  int run(int (*body)(lua_State*, void*), void* at, double seconds, int arguments);
  Error failure(int status);
  std::unique_ptr<Core> core_;
};

// Puts the stack of a state back to its height, however the scope is left.
class StackGuard {
 public:
  explicit StackGuard(const State& state) noexcept;
  ~StackGuard();
  StackGuard(const StackGuard&) = delete;
  StackGuard& operator=(const StackGuard&) = delete;

 private:
  lua_State* state_;
  int height_;
};

}  // namespace vw::lua
