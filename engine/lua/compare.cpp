#include "lua/compare.hpp"

#include "base/text.hpp"
#include "lua/core.hpp"
#include "lua/json_bridge.hpp"
#include "lua/members.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace vw::lua {

namespace {

constexpr std::size_t most_differences = 100, most_shown_bytes = 300;

std::string show(lua_State* L, int index) {
  switch (lua_type(L, index)) {
    case LUA_TNIL:
      return "nil";
    case LUA_TFUNCTION:
      return "a function";
    case LUA_TSTRING:
      return quote(printable(text_at(L, index), most_shown_bytes));
    default:
      break;
  }
  try {
    return printable(to_text(read_json(L, index, "")), most_shown_bytes);
  } catch (const Error&) {
    return fmt::format("a {}", luaL_typename(L, index));
  }
}

// Long texts from shortly before they differ.
std::string show_texts(std::string_view actual, std::string_view expected) {
  constexpr std::size_t before = 40, least = 100;
  const auto differs = std::mismatch(actual.begin(), actual.end(), expected.begin(), expected.end()).first;
  const auto at = static_cast<std::size_t>(differs - actual.begin());
  const std::size_t from = at < least ? 0 : at - before;
  const auto shown = [&](std::string_view text) { return quote(printable(text.substr(from), most_shown_bytes)); };
  const std::string place = from == 0 ? "" : fmt::format(" (both from byte {})", from + 1);
  return fmt::format("{}, expected {}{}", shown(actual), shown(expected), place);
}

std::string key_text(lua_State* L, int index) {
  if (lua_type(L, index) == LUA_TSTRING) return std::string(text_at(L, index));
  return fmt::format("[{}]", show(L, index));
}

// Walks two values and notes where they differ. Raises nothing: it uses raw access only.
class Comparison {
 public:
  explicit Comparison(lua_State* L) : L_(L) {}

  void compare(int actual, int expected, const std::string& path, int depth) {
    if (lua_rawequal(L_, actual, expected) != 0) return;
    if (!lua_istable(L_, actual) || !lua_istable(L_, expected)) return note(actual, expected, path);
    if (depth > most_depth || lua_checkstack(L_, 6) == 0) throw Error("vw.expect", "the tables are nested too deep");
    compare_members(actual, expected, path, depth, true);
    compare_members(expected, actual, path, depth, false);
  }

  // The first by path, so that the order of pairs() does not show.
  void fail_if_any() const {
    if (differences_.empty()) return;
    throw Error("vw.expect", *std::min_element(differences_.begin(), differences_.end()));
  }

 private:
  void note(int actual, int expected, const std::string& path) {
    if (differences_.size() >= most_differences) return;
    const std::string subject = path.empty() ? "got " : path + " is ";
    const bool are_texts = lua_type(L_, actual) == LUA_TSTRING && lua_type(L_, expected) == LUA_TSTRING;
    differences_.push_back(are_texts ? subject + show_texts(text_at(L_, actual), text_at(L_, expected))
                                     : fmt::format("{}{}, expected {}", subject, show(L_, actual), show(L_, expected)));
  }

  // Every member of `one` against the same of `other`; the second pass looks only at what the first could not see.
  void compare_members(int one, int other, const std::string& path, int depth, bool one_is_actual) {
    lua_pushnil(L_);
    while (lua_next(L_, one) != 0) {
      lua_pushvalue(L_, -2);
      lua_rawget(L_, other);
      const int value = lua_gettop(L_) - 1, twin = lua_gettop(L_);
      const std::string key = key_text(L_, value - 1);
      const std::string here = key.starts_with('[') || path.empty() ? path + key : path + "." + key;
      if (one_is_actual)
        compare(value, twin, here, depth + 1);
      else if (lua_isnil(L_, twin))
        note(twin, value, here);
      lua_pop(L_, 2);
    }
  }

  lua_State* L_;
  std::vector<std::string> differences_;
};

// vw.expect(actual, expected): deep comparison.
int expect(lua_State* L) {
  luaL_checkany(L, 2);
  Failure failure;
  const bool done = attempt(failure, [&] {
    Comparison comparison(L);
    comparison.compare(1, 2, "", 0);
    comparison.fail_if_any();
  });
  return done ? 0 : raise(L, failure);
}

// vw.fails(function) -> the message it raised.
int fails(lua_State* L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  if (lua_pcall(L, 0, 0, 0) == LUA_OK) return luaL_error(L, "vw.fails: the function did not fail");
  if (lua_type(L, -1) != LUA_TSTRING)
    return luaL_error(L, "vw.fails: the error is a %s value, expected text", luaL_typename(L, -1));
  return 1;
}

}  // namespace

void add_expectations(lua_State* L) {
  lua_getglobal(L, "vw");
  lua_pushcfunction(L, expect);
  lua_setfield(L, -2, "expect");
  lua_pushcfunction(L, fails);
  lua_setfield(L, -2, "fails");
  lua_pop(L, 1);
}

}  // namespace vw::lua
