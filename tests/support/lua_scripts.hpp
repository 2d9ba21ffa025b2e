// Small scripts as text, run in the engine's own Lua room without touching the disk.
#pragma once

#include "lua/json_bridge.hpp"
#include "lua/scripts.hpp"
#include "support/memory_files.hpp"
#include "support/message_of.hpp"

#include <memory>
#include <string>
#include <vector>

namespace vw::test {

inline std::shared_ptr<const std::string> shared_text(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

// Runs a chunk named "test.lua" and returns its value. Throws what the script raises.
inline Json run_lua(const std::string& text, lua::Host host = {}, lua::Limits limits = {}) {
  lua::State state("test.lua", std::move(host), limits);
  state.run_chunk("test.lua", shared_text(text), 1);
  return lua::read_json(state.raw(), -1, "result");
}

inline std::string failure_of(const std::string& text, lua::Host host = {}, lua::Limits limits = {}) {
  return message_of([&] { run_lua(text, std::move(host), limits); });
}

// One script file and what it declares.
inline lua::Declaration declare(const std::string& path, const std::string& text, lua::Host host = {}) {
  MemoryFiles files;
  files.put(path, text);
  if (host.files == nullptr) host.files = &files;
  return std::move(lua::load_script(path, Origin::Rank::given, host).front());
}

inline std::string refusal_of(const std::string& path, const std::string& text) {
  return message_of([&] { declare(path, text); });
}

}  // namespace vw::test
