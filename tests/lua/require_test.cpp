#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;

namespace {

// Runs scripts/families/main.lua among the given files.
struct Folder {
  test::MemoryFiles files;
  std::vector<std::string> log;
  lua::Limits limits;

  using Content = std::map<std::string, std::string>;
  explicit Folder(const Content& content) : files(content) {}

  Json run(const std::string& text) {
    const std::string path = "scripts/families/main.lua";
    lua::State state(path, {&files, nullptr, [this](const std::string& line) { log.push_back(line); }}, limits);
    state.run_chunk(path, test::shared_text(text), 1);
    return lua::read_json(state.raw(), -1, "result");
  }
  std::string failure(const std::string& text) {
    return test::message_of([&] { run(text); });
  }
};

}  // namespace

TEST_CASE("require finds a file beside the script", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_blocks.lua", "return { bits = 4 }"}});
  CHECK(folder.run("return require('_blocks').bits") == 4);
}

TEST_CASE("a required file runs once and may require others", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_a.lua", "print('a') return { b = require '_b' }"},
                                {"scripts/families/_b.lua", "print('b') return { x = 1 }"}});
  CHECK(folder.run("return require('_a').b == require('_b') and require('_a') == require('_a')") == true);
  CHECK(folder.log == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a required file without a value is true", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_empty.lua", ""}});
  CHECK(folder.run("return { require '_empty', require '_empty' }") == Json({true, true}));
}

TEST_CASE("require stays in the folder", "[lua]") {
  Folder folder(Folder::Content{{"scripts/_secret.lua", "return 1"}});
  for (const char* name : {"../_secret", "/scripts/_secret", "", ".", "a.b", "a\\\\b"}) {
    INFO(name);
    CHECK_THAT(folder.failure(std::string("return require '") + name + "'"),
               ContainsSubstring("is no name of a file beside this one, expected letters, digits, '_' and '-'"));
  }
}

TEST_CASE("a missing file is named with what lies there", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_blocks.lua", "return 1"}});
  CHECK(
      folder.failure("\nreturn require '_block'") ==
      "scripts/families/main.lua:2: require: there is no file 'scripts/families/_block.lua'; did you mean '_blocks'?");
}

TEST_CASE("files that require each other are refused", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_a.lua", "return require '_b'"},
                                {"scripts/families/_b.lua", "return require '_a'"}});
  CHECK(folder.failure("return require '_a'") ==
        "scripts/families/_b.lua:1: require: '_a' is still being loaded by the file that requires this one");
}

TEST_CASE("errors in a required file point at it", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_broken.lua", "local x = \n"},
                                {"scripts/families/_raises.lua", "\nerror 'no'"}});
  CHECK(folder.failure("return require '_broken'") == "scripts/families/_broken.lua:2: unexpected symbol near <eof>");
  CHECK(folder.failure("return require '_raises'") == "scripts/families/_raises.lua:2: no");
}

TEST_CASE("required files are under the limits of the script", "[lua]") {
  Folder folder(Folder::Content{{"scripts/families/_loop.lua", "while true do end"}});
  folder.limits.call_s = 0.05;
  CHECK(folder.failure("return require '_loop'") ==
        "scripts/families/_loop.lua:1: ran longer than 0.05 s; look for a loop that does not end");
}

TEST_CASE("without files nothing can be required", "[lua]") {
  CHECK(test::failure_of("require '_a'") == "test.lua:1: require: no files can be reached from here");
}
