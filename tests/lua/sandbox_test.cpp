#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;
using test::failure_of;
using test::run_lua;

namespace {

const char* const sorted_names = R"(
  local function names(of)
    local list = vw.list {}
    for name in pairs(of) do list[#list + 1] = name end
    table.sort(list)
    return list
  end
)";

Json names_of(const std::string& table) { return run_lua(sorted_names + ("return names(" + table + ")")); }

}  // namespace

TEST_CASE("a script sees these globals and no others", "[lua]") {
  CHECK(names_of("_G") == Json({"_G",       "_VERSION", "assert", "error",        "getmetatable", "ipairs", "math",
                                "next",     "pairs",    "pcall",  "print",        "rawequal",     "rawget", "rawlen",
                                "rawset",   "require",  "select", "setmetatable", "string",       "table",  "tonumber",
                                "tostring", "type",     "utf8",   "vw",           "xpcall"}));
}

TEST_CASE("libraries lack what loads code, is random or reaches out", "[lua]") {
  for (const char* name : {"load", "loadfile", "dofile", "collectgarbage", "warn", "io", "os", "package", "debug",
                           "coroutine", "string.dump", "math.random", "math.randomseed"}) {
    INFO(name);
    const std::string place = std::string(name).find('.') == std::string::npos ? std::string("_G.") + name : name;
    const std::size_t point = place.find('.');
    CHECK(run_lua("return rawget(" + place.substr(0, point) + ", '" + place.substr(point + 1) + "') == nil") == true);
  }
  CHECK(names_of("table") == Json({"concat", "insert", "move", "pack", "remove", "sort", "unpack"}));
}

TEST_CASE("who looks for a removed global is told what there is instead, on the line that looks", "[lua]") {
  CHECK(failure_of("local x = 1\nlocal f = io.open('x')") ==
        "test.lua:2: 'io' is not available to scripts; vw.read_file reads files in sources");
  CHECK(failure_of("return os.time()") ==
        "test.lua:1: 'os' is not available to scripts; there is no clock and no environment; vw.run starts programs in "
        "detectors and probes");
  for (const char* name : {"load", "loadfile", "loadstring", "dofile", "package"})
    CHECK(failure_of(std::string("return ") + name + "('x')") ==
          "test.lua:1: '" + std::string(name) + "' is not available to scripts; require runs a file beside the script");
  for (const char* name : {"debug", "warn"})
    CHECK(failure_of(std::string("return ") + name) ==
          "test.lua:1: '" + std::string(name) + "' is not available to scripts; print shows values with --verbose");
  CHECK(failure_of("if coroutine then return 1 end") ==
        "test.lua:1: 'coroutine' is not available to scripts; a call runs from beginning to end");
  CHECK(failure_of("collectgarbage()") ==
        "test.lua:1: 'collectgarbage' is not available to scripts; memory is freed by itself");
}

TEST_CASE("other globals that nobody set are nil, and removed names may be given anew", "[lua]") {
  CHECK(run_lua("return settings == nil and _G[1] == nil and _G[io_] == nil") == true);
  CHECK(failure_of("settings.x = 1") == "test.lua:1: attempt to index a nil value (global 'settings')");
  CHECK(run_lua("load = function(x) return x + 1 end return load(1)") == 2);
}

TEST_CASE("a binary chunk is refused", "[lua]") {
  CHECK(failure_of("\x1bLua") == "test.lua: attempt to load a binary chunk (mode is 't')");
}

TEST_CASE("string.rep is bounded by its result", "[lua]") {
  CHECK(failure_of("return ('x'):rep(1e9)") ==
        "test.lua:1: bad argument #1 to 'rep' (the result is longer than 16 MiB)");
  CHECK(failure_of("return string.rep('x', 10, ('y'):rep(2^22))") ==
        "test.lua:1: bad argument #2 to 'rep' (the result is longer than 16 MiB)");
  CHECK(run_lua("return string.rep('', math.maxinteger)") == "");
  CHECK(run_lua("return string.rep('x', -1)") == "");
  CHECK(run_lua("return string.rep('ab', 3, '-')") == "ab-ab-ab");
}

TEST_CASE("table functions do not trust a length of the script's own", "[lua]") {
  const std::string endless = "local t = setmetatable({}, { __len = function() return 1 << 60 end }) ";
  for (const char* name :
       {"insert(t, 1, 0)", "remove(t, 1)", "concat(t)", "unpack(t)", "sort(t)", "move(t, 1, 2, 3)"}) {
    const std::string function = std::string(name).substr(0, std::string(name).find('('));
    CHECK(failure_of(endless + "table." + name) ==
          "test.lua:1: bad argument #1 to '" + function + "' (a table with __len is refused here)");
  }
}

TEST_CASE("table functions do not walk endless ranges", "[lua]") {
  CHECK(failure_of("table.move({}, 1, math.maxinteger - 1, 2)") ==
        "test.lua:1: bad argument #3 to 'move' (more than 1048576 values)");
  CHECK(failure_of("table.concat(setmetatable({}, { __index = type }), '', 1, 1 << 40)") ==
        "test.lua:1: bad argument #4 to 'concat' (more than 1048576 values)");
}

TEST_CASE("the table functions still do their work, and complain as ever", "[lua]") {
  CHECK(run_lua("local t = { 1, 2 } table.insert(t, 1, 0) table.insert(t, 3) table.remove(t, 2) return t") ==
        Json({0, 2, 3}));
  CHECK(run_lua("return table.concat({ 1, 2, 3 }, '+', 2)") == "2+3");
  CHECK(run_lua("return table.move({ 1, 2, 3 }, 2, 3, 1, {})") == Json({2, 3}));
  CHECK(run_lua("local t = { 3, 1, 2 } table.sort(t) return t") == Json({1, 2, 3}));
  CHECK(run_lua("return { table.unpack({ 1, 2, 3 }, 2) }") == Json({2, 3}));
  CHECK(failure_of("table.insert(nil, 1)") == "test.lua:1: bad argument #1 to 'insert' (table expected, got nil)");
  CHECK(failure_of("table.insert({}, 5, 1)") == "test.lua:1: bad argument #2 to 'insert' (position out of bounds)");
}

TEST_CASE("finalizers are not for scripts", "[lua]") {
  CHECK(failure_of("setmetatable({}, { __gc = function() while true do end end })") ==
        "test.lua:1: setmetatable: __gc is not for scripts");
  CHECK(run_lua("return setmetatable({}, { __index = { x = 1 } }).x") == 1);
  CHECK(run_lua("local m = {} local t = setmetatable({}, m) m.__gc = print return getmetatable(t) == m") == true);
}

TEST_CASE("the mark of lists cannot be taken off", "[lua]") {
  CHECK(failure_of("setmetatable(vw.list {}, {})") == "test.lua:1: cannot change a protected metatable");
  CHECK(run_lua("return getmetatable(vw.list {})") == "vw.list");
}

TEST_CASE("print goes to the log of the host", "[lua]") {
  std::vector<std::string> lines;
  lua::Host host;
  host.log = [&](const std::string& line) { lines.push_back(line); };
  run_lua("print('a', 1, nil, setmetatable({}, { __tostring = function() return 'shown' end })) print()", host);
  CHECK(lines == std::vector<std::string>{"a\t1\tnil\tshown", ""});
  CHECK_NOTHROW(run_lua("print('to nobody')"));
}

TEST_CASE("an exception of the host becomes an error of the script, with its line", "[lua]") {
  lua::Host host;
  host.log = [](const std::string&) { throw std::runtime_error("the disk is full"); };
  CHECK(failure_of("\nprint('x')", host) == "test.lua:2: the disk is full");
  host.log = [](const std::string&) { throw 42; };
  CHECK(failure_of("print('x')", host) == "test.lua:1: an exception without a message was thrown");
  CHECK(run_lua("return { pcall(print, 'x') }", host)[0] == false);
}

TEST_CASE("xpcall hands the error to its handler", "[lua]") {
  CHECK(run_lua("return { xpcall(function(a, b) return a + b end, print, 2, 3) }") == Json({true, 5}));
  CHECK(run_lua("return { xpcall(error, function(e) return 'caught ' .. e end, 'x') }") == Json({false, "caught x"}));
  CHECK(failure_of("xpcall(error)") == "test.lua:1: bad argument #2 to 'xpcall' (value expected)");
}
