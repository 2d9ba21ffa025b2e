#include "lua/api.hpp"

#include "abi/plugin.h"
#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;
using test::failure_of;
using test::run_lua;

TEST_CASE("vw says which version of the API it is", "[lua]") { CHECK(run_lua("return vw.api_version") == 1); }

TEST_CASE("vw names the bits of candidate.flags", "[lua]") {
  CHECK(run_lua("return vw.flags") == Json({{"enforce_eager", VW_ENFORCE_EAGER},
                                            {"expert_parallel", VW_EXPERT_PARALLEL},
                                            {"prefix_caching", VW_PREFIX_CACHING}}));
}

TEST_CASE("vw.json writes a value as text on one line", "[lua]") {
  CHECK(run_lua("return vw.json { b = vw.list {}, a = { x = 1.5, y = 'quote \" and\\n' } }") ==
        R"({"a":{"x":1.5,"y":"quote \" and\n"},"b":[]})");
  CHECK(run_lua("return vw.json(7)") == "7");
  CHECK(failure_of("vw.json()") == "test.lua:1: bad argument #1 to 'json' (value expected)");
  CHECK(failure_of("vw.json { f = print }") == "test.lua:1: vw.json.f: a function cannot become JSON");
}

TEST_CASE("vw.list returns the table it is given", "[lua]") {
  CHECK(run_lua("local t = { 1 } return vw.list(t) == t and vw.list(t) == t") == true);
  CHECK(failure_of("vw.list(4)") == "test.lua:1: bad argument #1 to 'list' (table expected, got number)");
  CHECK(failure_of("vw.list(setmetatable({}, {}))") == "test.lua:1: vw.list: the table has a metatable already");
}

TEST_CASE("a constructor returns its table", "[lua]") {
  CHECK(run_lua("local t = { id = 'x', summary = 'x' } return vw.quantization(t) == t") == true);
}

TEST_CASE("what reaches out says whose it is", "[lua]") {
  CHECK(failure_of("vw.read_file('/etc/passwd')") == "test.lua:1: vw.read_file is for sources only");
  CHECK(failure_of("vw.entries('models', 'x')") == "test.lua:1: vw.entries is for sources only");
  CHECK(failure_of("vw.ids('models')") == "test.lua:1: vw.ids is for sources only");
  CHECK(failure_of("vw.run({ 'true' })") == "test.lua:1: vw.run is for detectors and probes only");
}

TEST_CASE("a misspelt name of vw is told on the author's line with the near one", "[lua]") {
  CHECK(failure_of("local x = 1\nreturn vw.quantisation { id = 'x' }") ==
        "test.lua:2: unknown vw.quantisation; did you mean vw.quantization?");
  CHECK(failure_of("return vw.memorymodel {}") == "test.lua:1: unknown vw.memorymodel; did you mean vw.memory_model?");
  CHECK(failure_of("return vw.abracadabra") == "test.lua:1: unknown vw.abracadabra; vw.meta.lua lists what there is");
  CHECK(failure_of("return vw['\\27[31m']") == "test.lua:1: unknown vw.?[31m; vw.meta.lua lists what there is");
  CHECK(failure_of("return vw[1]") == "test.lua:1: unknown vw.number; vw.meta.lua lists what there is");
}
