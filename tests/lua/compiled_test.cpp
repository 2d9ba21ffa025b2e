#include "lua/compiled.hpp"

#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;
using namespace vw::test;

namespace {

// A folder of compiled scripts in memory: `text` is found there as the bytecode of `instead`.
struct CompiledFolder {
  MemoryFiles files;
  lua::Host host;

  CompiledFolder() {
    host.files = &files;
    host.compiled_folder = "compiled";
  }
  void put(const std::string& text, const std::string& instead) {
    files.put("compiled/" + lua::compiled_name(text), lua::compile("any.lua", instead));
  }
};

}  // namespace

TEST_CASE("a script runs from its bytecode where the build left some", "[lua]") {
  CompiledFolder folder;
  folder.put("return 1", "return 2");
  CHECK(run_lua("return 1", folder.host) == 2);
}

TEST_CASE("a script that was changed since is parsed", "[lua]") {
  CompiledFolder folder;
  folder.put("return 1", "return 2");
  CHECK(run_lua("return 1 ", folder.host) == 1);
}

TEST_CASE("errors of a compiled script name its own file and line", "[lua]") {
  const std::string text = "local function deep()\n  error('no')\nend\nreturn { deep() }";
  CompiledFolder folder;
  folder.put(text, text);
  CHECK(failure_of(text, folder.host) == "test.lua:2: no");
  for (const std::size_t length : {3, 58, 59, 120, 126, 127, 128, 1000, 20000}) {
    const std::string path = std::string(length, 'p') + ".lua";
    lua::State state(path, folder.host);
    CHECK(message_of([&] { state.run_chunk(path, shared_text(text), 1); }) == path + ":2: no");
  }
}

TEST_CASE("a compiled script requires what lies beside it, compiled or not", "[lua]") {
  CompiledFolder folder;
  const std::string helper = "return { value = 7 }", script = "return require('_a').value + require('_b')";
  folder.files.put("_a.lua", helper);
  folder.files.put("_b.lua", "return 1");
  folder.put(helper, helper);
  folder.put(script, script);
  CHECK(run_lua(script, folder.host) == 8);
}

TEST_CASE("bytecode of another Lua, or a file that is cut off, is passed over", "[lua]") {
  const std::string content = lua::compile("any.lua", "return 1");
  CHECK_FALSE(lua::bytecode_of(content, "test.lua").empty());
  CHECK(lua::bytecode_of("$LuaVersion: Lua 5.4.0 $\n" + content, "test.lua").empty());
  CHECK(lua::bytecode_of(content.substr(0, content.find('\n') + 2), "test.lua").empty());
  CHECK(lua::bytecode_of("", "test.lua").empty());
}

TEST_CASE("a text that is no Lua does not compile", "[lua]") {
  CHECK(message_of([] { lua::compile("some/bad.lua", "return 1\n="); }) ==
        "some/bad.lua: compiled:2: <eof> expected near '='");
}
