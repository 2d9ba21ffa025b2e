#include "lua/state.hpp"

#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;
using test::failure_of;
using test::run_lua;

namespace {

constexpr lua::Limits short_time{std::size_t{64} << 20, 0.05, 5e-6};
constexpr lua::Limits little_memory{std::size_t{1} << 20, 5.0, 5e-6};
const std::string too_long = "ran longer than 0.05 s; look for a loop that does not end";
const std::string too_much = "test.lua: needs more than 1 MiB of memory";

std::string slow(const std::string& text) { return failure_of(text, {}, short_time); }

}  // namespace

TEST_CASE("an endless loop ends with the line it was in", "[lua]") {
  CHECK(slow("local n = 0\nwhile true do n = n + 1 end") == "test.lua:2: " + too_long);
}

TEST_CASE("a script's own pcall cannot hold the time limit", "[lua]") {
  CHECK(slow("while true do\n pcall(function() while true do end end) end") == "test.lua:2: " + too_long);
  CHECK(slow("return pcall(function() while true do end end)") == "test.lua:1: " + too_long);
  CHECK(slow("return select(2, pcall(pcall, function() while true do end end))") == "test.lua:1: " + too_long);
}

TEST_CASE("a handler of xpcall cannot hold the time limit", "[lua]") {
  CHECK(slow("local function spin() while true do end end\nxpcall(spin, spin)") == "test.lua:1: " + too_long);
}

TEST_CASE("metamethods and comparators are under the time limit", "[lua]") {
  CHECK(slow("local t <close> = setmetatable({}, { __close = function()\n while true do end end })") ==
        "test.lua:2: " + too_long);
  CHECK(slow("print(setmetatable({}, { __tostring = function()\n while true do end end }))") ==
        "test.lua:2: " + too_long);
  CHECK(slow("table.sort({ 1, 2 }, function()\n while true do end end)") == "test.lua:2: " + too_long);
  CHECK(slow("('x'):gsub('x', function()\n while true do end end)") == "test.lua:2: " + too_long);
}

TEST_CASE("a loop of long table calls is under the time limit", "[lua]") {
  CHECK(slow("local t = {} for i = 1, 60000 do t[i] = i end\nwhile true do table.insert(t, 1, 0) end") ==
        "test.lua:2: " + too_long);
}

TEST_CASE("the clock starts anew with every call", "[lua]") {
  lua::State state("test.lua", {}, short_time);
  for (int i = 0; i < 3; ++i) {
    CHECK(test::message_of([&] { state.run_chunk("test.lua", test::shared_text("while true do end"), 0); }) ==
          "test.lua:1: " + too_long);
    CHECK_NOTHROW(state.run_chunk("test.lua", test::shared_text("for i = 1, 1000 do end"), 0));
  }
}

TEST_CASE("a memory bomb ends the script", "[lua]") {
  CHECK(failure_of("local s = 'x' while true do s = s .. s end", {}, little_memory) == too_much);
  CHECK(failure_of("local t = {} while true do t[#t + 1] = {} end", {}, little_memory) == too_much);
  CHECK(failure_of("local t = { ... } for i = 1, 24 do t = { t, t, ('x'):rep(2 ^ 18) } end", {}, little_memory) ==
        too_much);
}

TEST_CASE("a script that goes on after a memory bomb is stopped by the clock", "[lua]") {
  const lua::Limits limits{std::size_t{1} << 20, 0.2, 5e-6};
  CHECK_THAT(
      failure_of("local t = {} while true do pcall(function() while true do t[#t + 1] = {} end end) end", {}, limits),
      ContainsSubstring("test.lua:1: ran longer than 0.2 s"));
}

TEST_CASE("garbage does not count against the memory limit", "[lua]") {
  CHECK(run_lua("local s for i = 1, 2000 do s = ('x'):rep(10000) .. i end return #s", {}, little_memory) == 10004);
}

TEST_CASE("there is no state without memory for one", "[lua]") {
  const auto open = [](std::size_t bytes) { lua::State("test.lua", {}, {bytes, 1.0, 5e-6}); };
  CHECK(test::message_of([&] { open(100); }) == "test.lua: there is no memory for a Lua state");
  CHECK(test::message_of([&] { open(8 << 10); }) == "test.lua: needs more than 0 MiB of memory");
}

TEST_CASE("recursion without end is an error of the script", "[lua]") {
  CHECK(failure_of("local function f(x)\n return 1 + f(x) end\nf(1)") == "test.lua:2: stack overflow");
  CHECK_THAT(
      failure_of("local t = setmetatable({}, {}) getmetatable(t).__index = function(t, k) return t[k] end return t.x"),
      ContainsSubstring("C stack overflow"));
  CHECK(failure_of("return " + std::string(1000, '(') + "1" + std::string(1000, ')')) == "test.lua: C stack overflow");
}

TEST_CASE("an error carries file, line and a traceback", "[lua]") {
  try {
    run_lua("local function inner() error('broken') end\nlocal function outer() inner() end\nouter()");
    FAIL("nothing was thrown");
  } catch (const Error& error) {
    CHECK(error.where() == "test.lua:1");
    CHECK(error.message() == "broken");
    CHECK_THAT(error.traceback(), StartsWith("stack traceback:\n"));
    CHECK_THAT(error.traceback(), ContainsSubstring("test.lua:2: in upvalue 'outer'") ||
                                      ContainsSubstring("test.lua:2: in local 'outer'"));
  }
}

TEST_CASE("errors without a position or without text point at the script", "[lua]") {
  CHECK(failure_of("error('plain', 0)") == "test.lua: plain");
  CHECK(failure_of("error({})") == "test.lua: the error is a table value, expected text");
  CHECK(failure_of("error()") == "test.lua: the error is a nil value, expected text");
  CHECK(failure_of("local x = ") == "test.lua:1: unexpected symbol near <eof>");
  CHECK(failure_of("local t = nil\nreturn t.x") == "test.lua:2: attempt to index a nil value (local 't')");
}

TEST_CASE("long paths are shown whole although Lua shortens them", "[lua]") {
  const std::string path = "/home/somebody/with/a/very/long/path/that/goes/on/scripts/families/llama.lua";
  lua::State state(path, {});
  const auto run = [&](const std::string& text) {
    return test::message_of([&] { state.run_chunk(path, test::shared_text(text), 0); });
  };
  CHECK(run("\nerror('broken')") == path + ":2: broken");
  CHECK(run("error(select(2, pcall(error, 'inner')) .. ' outer')") == path + ":1: inner outer");
  CHECK(run("\n\nvw.list(1)") == path + ":3: bad argument #1 to 'list' (table expected, got number)");
}

TEST_CASE("a moved state goes on", "[lua]") {
  lua::State first("test.lua", {});
  first.run_chunk("test.lua", test::shared_text("x = 1"), 0);
  lua::State second(std::move(first));
  second.run_chunk("test.lua", test::shared_text("return x + 1"), 1);
  CHECK(lua::read_json(second.raw(), -1, "") == 2);
  second = lua::State("other.lua", {});
  CHECK(second.path() == "other.lua");
}

TEST_CASE("states share nothing", "[lua]") {
  lua::State one("one.lua", {}), two("two.lua", {});
  one.run_chunk("one.lua", test::shared_text("string.x = 1 y = 2"), 0);
  two.run_chunk("two.lua", test::shared_text("return { string.x == nil, y == nil }"), 1);
  CHECK(lua::read_json(two.raw(), -1, "") == Json({true, true}));
}
