// lua, inside: a declaration with functions as a vw_part. Every opened instance has a state of its own.
#pragma once

#include "lua/schema.hpp"
#include "lua/state.hpp"
#include "parts/part.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace vw::lua {

// The state in which a script was loaded, for the first instance that is opened: running a script twice costs more
// than all that a plan asks of it. Shared by the instances of a part; any thread may take it.
class ReadyState {
 public:
  void put(State state);
  std::optional<State> take();

 private:
  std::mutex mutex_;
  std::optional<State> state_;
};

// What an instance is made from. Read-only and shared by all instances of a part.
struct Script {
  std::string path, id, summary;
  std::shared_ptr<const std::string> text;
  const Schema* schema = nullptr;
  Host host;
  Limits limits;
  std::shared_ptr<ReadyState> ready = std::make_shared<ReadyState>();
};

// Reads and compiles the script in a new state, runs it, and leaves what it returned on the stack.
State run_script(const Script& script);

// Leaves the declaration of `schema` and `id` on the stack of a state in which a script has left its result: that
// table itself, or the one of a list. Throws vw::Error when it is not there.
void select_declaration(const State& state, const Schema& schema, const std::string& id);

// `answers`: whether the declaration has an explain function or a policy, for hot kinds.
std::shared_ptr<const Part> make_part(std::shared_ptr<const Script> script, Origin origin, bool answers);

}  // namespace vw::lua
