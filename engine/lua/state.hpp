// lua: the only room that includes Lua. One owned, sandboxed, limited state per script.
#pragma once

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "parts/catalog.hpp"

#include <functional>
#include <memory>
#include <string>

namespace vw::lua {

struct Limits {
  std::size_t memory_bytes = std::size_t{64} << 20;  // per state, by allocator
  double call_s = 1.0;                                // one cold call
  double per_candidate_s = 5e-6;                      // added per candidate of a block
};

// What a script may reach outside its own file.
struct Host {
  const Files* files = nullptr;                       // for `require` and vw.read_file
  const Catalog* catalog = nullptr;                   // for vw.entries; null while the catalog is being filled
  std::function<void(const std::string& line)> log;   // where print() goes; may be empty
};

}  // namespace vw::lua
