#include "lua/api.hpp"
#include "lua/compare.hpp"
#include "lua/core.hpp"
#include "lua/host_access.hpp"
#include "lua/members.hpp"
#include "lua/scripts.hpp"

#include <fmt/format.h>

namespace vw::lua {

namespace {

Text read_text(const Host& host, const std::string& path) {
  if (host.files == nullptr) throw Error::internal("a script is tested without files");
  return std::make_shared<const std::string>(read_file(*host.files, path, path));
}

// Takes the declaration from the top of the stack; the test knows it as `subject`.
void declare_subject(State& state, const std::string& script_path, const Schema* schema) {
  if (schema == nullptr) throw Error(script_path, "declares nothing that could be tested, expected one declaration");
  const char* const kind = schema->kind;
  state.protect(state.limits().call_s, 1, [kind](lua_State* L) {
    lua_setglobal(L, "subject");
    grant_access(L, kind);
    add_expectations(L);
    return 0;
  });
}

// The case on top of the stack: { "a sentence", function() ... end }.
TestResult run_case(State& state, lua_Integer number) {
  lua_State* const L = state.raw();
  const auto fail = [&] {
    throw Error(state.path(), fmt::format("case {} is no {{ \"a sentence\", function() ... end }}", number));
  };
  if (!lua_istable(L, -1)) fail();
  const int place = lua_gettop(L);
  if (lua_rawgeti(L, place, 1) != LUA_TSTRING || lua_rawgeti(L, place, 2) != LUA_TFUNCTION) fail();
  TestResult result{std::string(text_at(L, place + 1)), ""};
  try {
    state.protect(state.limits().call_s, 1, [](lua_State* inner) {
      lua_call(inner, 0, 0);
      return 0;
    });
  } catch (const Error& error) {
    result.failure = error.what();
  }
  return result;
}

}  // namespace

std::vector<TestResult> run_script_test(const std::string& test_path, const std::string& script_path, const Host& host,
                                        const Limits& limits) {
  State state(test_path, host, limits);
  lua_State* const L = state.raw();
  state.run_chunk(script_path, read_text(host, script_path), 1);
  declare_subject(state, script_path, schema_of(L, -1));
  state.run_chunk(test_path, read_text(host, test_path), 1);
  if (!lua_istable(L, -1)) throw Error(test_path, "returned no list of cases");
  std::vector<TestResult> results;
  const auto count = static_cast<lua_Integer>(lua_rawlen(L, -1));
  for (lua_Integer i = 1; i <= count; ++i) {
    const StackGuard guard(state);
    lua_rawgeti(L, -1, i);
    results.push_back(run_case(state, i));
  }
  if (results.empty()) throw Error(test_path, "has no cases");
  return results;
}

}  // namespace vw::lua
