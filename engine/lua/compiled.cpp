#include "lua/compiled.hpp"

#include "base/error.hpp"

#include <fmt/format.h>
#include <lua.hpp>

#include <functional>
#include <memory>
#include <string_view>

namespace vw::lua {

namespace {

// Bytecode holds the name of its file, which is another one wherever the program is installed. It is compiled under
// this name, and the real one put in its place as it is loaded (ldump.c: dumpString, dumpSize).
constexpr std::string_view placeholder = "@compiled";

// What the build and the program must agree on: the very release of Lua.
std::string first_line() { return std::string(lua_ident) + "\n"; }

// A size as ldump.c writes it: groups of seven bits, the highest first, the last one marked.
std::string dumped_size(std::size_t size) {
  std::string bytes(1, static_cast<char>((size & 0x7f) | 0x80));
  while ((size >>= 7) != 0) bytes.insert(bytes.begin(), static_cast<char>(size & 0x7f));
  return bytes;
}

int append(lua_State*, const void* bytes, std::size_t size, void* text) {
  static_cast<std::string*>(text)->append(static_cast<const char*>(bytes), size);
  return 0;
}

}  // namespace

std::string compiled_name(const std::string& text) {
  return fmt::format("{:016x}-{}.luac", std::hash<std::string_view>()(text), text.size());
}

std::string compile(const std::string& path, const std::string& text) {
  const std::unique_ptr<lua_State, decltype(&lua_close)> state(luaL_newstate(), &lua_close);
  if (state == nullptr) throw Error(path, "there is no memory for a Lua state");
  lua_State* const L = state.get();
  if (luaL_loadbufferx(L, text.data(), text.size(), std::string(placeholder).c_str(), "t") != LUA_OK)
    throw Error(path, lua_tostring(L, -1));
  std::string bytecode;
  if (lua_dump(L, append, &bytecode, 0) != 0) throw Error(path, "cannot be compiled");
  const std::string name = dumped_size(placeholder.size() + 1).append(placeholder);
  const std::size_t head_bytes = bytecode.find(name);
  if (head_bytes > 127) throw Error::internal("this Lua writes bytecode in another form than Lua 5.4.4 did");
  std::string content = first_line() + static_cast<char>(head_bytes);
  return content.append(bytecode, 0, head_bytes).append(bytecode, head_bytes + name.size());
}

std::string bytecode_of(const std::string& content, const std::string& path) {
  const std::string line = first_line();
  if (!content.starts_with(line) || content.size() <= line.size()) return {};
  const auto head_bytes = static_cast<std::size_t>(static_cast<unsigned char>(content[line.size()]));
  const std::size_t head = line.size() + 1;
  if (content.size() < head + head_bytes) return {};
  std::string bytecode;
  bytecode.reserve(content.size() + path.size());
  bytecode.append(content, head, head_bytes).append(dumped_size(path.size() + 2)).append("@").append(path);
  return bytecode.append(content, head + head_bytes);
}

}  // namespace vw::lua
