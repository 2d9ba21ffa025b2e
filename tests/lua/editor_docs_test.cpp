// Holds the written documentation against the schemas. After a change of a schema, run this test once with
// VW_WRITE_DOCS=1 in the environment: it writes both files.
#include "base/files.hpp"
#include "lua/declarations.hpp"
#include "support/catch.hpp"
#include "support/lua_scripts.hpp"

using namespace vw;

namespace {

const std::string scripts = std::string(VW_ROOT) + "/scripts";
const std::string begin_mark = "<!-- fields: begin -->\n", end_mark = "<!-- fields: end -->\n";

std::string content_of(const std::string& path) { return disk_files().read(path).value_or(""); }

void write_if_asked(const std::string& path, const std::string& text) {
  if (!environment("VW_WRITE_DOCS").empty()) write_atomically(path, text, true);
}

}  // namespace

TEST_CASE("scripts/vw.meta.lua is what the schemas say", "[lua]") {
  const std::string path = scripts + "/vw.meta.lua";
  write_if_asked(path, lua::editor_api());
  CHECK(content_of(path) == lua::editor_api());
}

TEST_CASE("the field tables of scripts/README.md are what the schemas say", "[lua]") {
  const std::string path = scripts + "/README.md";
  const std::string text = content_of(path);
  const std::size_t begin = text.find(begin_mark), end = text.find(end_mark);
  REQUIRE(begin != std::string::npos);
  REQUIRE(end != std::string::npos);
  const std::string head = text.substr(0, begin + begin_mark.size()), tail = text.substr(end);
  const std::string expected = head + "\n" + lua::field_tables() + tail;
  write_if_asked(path, expected);
  CHECK(content_of(path) == expected);
}

TEST_CASE("the first script of scripts/README.md passes its test", "[lua]") {
  const std::string text = content_of(scripts + "/README.md");
  // The code of the n-th ```lua block.
  const auto block = [&](int number) {
    std::size_t begin = 0;
    for (; number > 0; --number) begin = text.find("```lua\n", begin) + 7;
    return text.substr(begin, text.find("```", begin) - begin);
  };
  test::MemoryFiles files;
  files.put("my-scripts/memory/weights-only.lua", block(1));
  files.put("weights-only_test.lua", block(2));
  const lua::Host host{&files, nullptr, nullptr};
  CHECK(lua::load_script("my-scripts/memory/weights-only.lua", Origin::Rank::given, host).front().id == "weights-only");
  const auto results = lua::run_script_test("weights-only_test.lua", "my-scripts/memory/weights-only.lua", host);
  REQUIRE(results.size() == 1);
  CHECK(results[0].failure == "");
}

TEST_CASE("the editor API is Lua that declares every constructor and every row", "[lua]") {
  const std::string api = lua::editor_api();
  CHECK(test::run_lua(api).is_null());
  for (const lua::Schema& schema : lua::schemas())
    CHECK_THAT(api, ContainsSubstring(std::string("function vw.") + schema.constructor + "(declaration) end\n"));
  for (const char* line : {"---@field weights_bytes? number\n", "---@field tensor_parallel? integer\n",
                           "---@field verdict? string\n", "---@field starts? boolean\n", "---@field tpot_ms? number\n",
                           "---@field reduce fun(config: table, checkpoint: table): table config.json to numbers\n",
                           "---@field estimate fun(context: any, candidate: vw.candidate, memory: vw.memory): vw.perf ",
                           "---@field ask fun(request: table): table? request.verb is describe",
                           "---@field applies_to? \"linears\"|\"experts\"|\"all\"|\"none\" "})
    CHECK_THAT(api, ContainsSubstring(line));
}

TEST_CASE("the field tables show nested fields under their path", "[lua]") {
  const std::string tables = lua::field_tables();
  CHECK_THAT(tables, ContainsSubstring("| `weights.per.rows` | a whole number from 0 to 1000000, needed | "));
  CHECK_THAT(tables, ContainsSubstring("| `blocks.*.bytes` | a whole number from 1 to 65536, needed | "));
  CHECK_THAT(tables, ContainsSubstring("| `entries[].config` | a table, needed | config.json |\n"));
  CHECK_THAT(tables, ContainsSubstring("In `models/<organisation in lower case>.lua`.\n"));
}
