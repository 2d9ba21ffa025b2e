#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;

namespace {

const std::string script = R"(
  local helper = require("_helper")
  return vw.family { id = "x", summary = "s", architectures = { "X" },
    reduce = function(config)
      if not config.layers then error("config without layers") end
      return { layers = config.layers * helper.factor, groups = vw.list {} }
    end })";

// Runs the cases against the script above.
std::vector<lua::TestResult> run(const std::string& cases, const std::string& subject = script) {
  test::MemoryFiles files;
  files.put("scripts/families/x.lua", subject);
  files.put("scripts/families/_helper.lua", "return { factor = 2 }");
  files.put("tests/families/x_test.lua", cases);
  files.put("tests/families/_expected.lua", "return { layers = 6, groups = {} }");
  lua::Limits limits;
  limits.call_s = 0.1;
  return lua::run_script_test("tests/families/x_test.lua", "scripts/families/x.lua", {&files, nullptr, nullptr},
                              limits);
}

std::string failure(const std::string& body) {
  return run("return { { 'case', function()\n" + body + "\nend } }")[0].failure;
}

const std::string place = "tests/families/x_test.lua:2: ";

}  // namespace

TEST_CASE("a script's test calls its functions", "[lua]") {
  const auto results = run(R"(
    local expected = require("_expected")
    return {
      { "layers count twice", function() vw.expect(subject.reduce({ layers = 3 }), expected) end },
      { "layers are needed", function()
        vw.expect(vw.fails(function() subject.reduce({}) end), "scripts/families/x.lua:5: config without layers")
      end },
      { "the id is there", function() vw.expect(subject.id, "y") end },
    })");
  REQUIRE(results.size() == 3);
  CHECK(results[0].name == "layers count twice");
  CHECK(results[0].failure == "");
  CHECK(results[1].failure == "");
  CHECK(results[2].failure == "tests/families/x_test.lua:8: vw.expect: got 'x', expected 'y'");
}

TEST_CASE("vw.expect compares deeply and names the first difference", "[lua]") {
  CHECK(failure("vw.expect({ a = { 1, { b = 2 } } }, { a = { 1, { b = 2.0 } } })") == "");
  CHECK(failure("vw.expect({ a = { 1, { b = 2 } } }, { a = { 1, { b = 3 } } })") ==
        place + "vw.expect: a[2].b is 2, expected 3");
  CHECK(failure("vw.expect({ 1, 2, 3 }, { 1, 2 })") == place + "vw.expect: [3] is 3, expected nil");
  CHECK(failure("vw.expect({ a = 1 }, { a = 1, b = { 2 } })") == place + "vw.expect: b is nil, expected [2]");
  CHECK(failure("vw.expect(nil, 1)") == place + "vw.expect: got nil, expected 1");
  CHECK(failure("vw.expect('1', 1)") == place + "vw.expect: got '1', expected 1");
  CHECK(failure("vw.expect(vw.list {}, {})") == "");
  CHECK(failure("vw.expect(('-'):rep(200) .. 'a', ('-'):rep(200) .. 'b')") ==
        place + "vw.expect: got '" + std::string(40, '-') + "a', expected '" + std::string(40, '-') +
            "b' (both from byte 161)");
  CHECK(failure("vw.expect(0 / 0, 1)") == place + "vw.expect: got a number, expected 1");
  CHECK(failure("vw.expect({ z = 1, a = 1, m = 1 }, {})") == place + "vw.expect: a is 1, expected nil");
}

TEST_CASE("vw.fails wants a failure", "[lua]") {
  CHECK(failure("vw.fails(function() end)") == place + "vw.fails: the function did not fail");
  CHECK(failure("vw.fails(function() error({}) end)") == place + "vw.fails: the error is a table value, expected text");
  CHECK(failure("vw.fails(1)") == place + "bad argument #1 to 'fails' (function expected, got number)");
}

TEST_CASE("a case that loops fails and the next one runs", "[lua]") {
  const auto results = run("return { { 'a', function()\nwhile true do end end }, { 'b', function() end } }");
  CHECK(results[0].failure == place + "ran longer than 0.1 s; look for a loop that does not end");
  CHECK(results[1].failure == "");
}

TEST_CASE("a test that is none is an error", "[lua]") {
  const auto message = [](const std::string& cases, const std::string& subject = script) {
    return test::message_of([&] { run(cases, subject); });
  };
  const std::string path = "tests/families/x_test.lua";
  CHECK(message("") == path + ": returned no list of cases");
  CHECK(message("return {}") == path + ": has no cases");
  CHECK(message("return { { 'name' } }") == path + ": case 1 is no { \"a sentence\", function() ... end }");
  CHECK(message("return { 5 }") == path + ": case 1 is no { \"a sentence\", function() ... end }");
  CHECK(message("error 'broken'") == path + ":1: broken");
  CHECK(message("return {}", "error 'broken'") == "scripts/families/x.lua:1: broken");
  CHECK(message("return {}", "return 1") ==
        "scripts/families/x.lua: declares nothing that could be tested, expected one declaration");
}

TEST_CASE("scripts themselves see no test functions", "[lua]") {
  CHECK(test::run_lua("return rawget(vw, 'expect') == nil and rawget(vw, 'fails') == nil and subject == nil") == true);
}
