// Words as shells and systemd read them back.
#include "cli/script_text.hpp"
#include "support/catch.hpp"

using namespace vw;
using cli::to_shell;
using cli::to_unit;

TEST_CASE("a shell script quotes words, and leaves alone what is shell already", "[cli]") {
  const Json script = {{"directives", {"#SBATCH --nodes=2"}},
                       {"comments", {"two\nlines"}},
                       {"commands", {{{"raw", "folder=$(pwd)"}}, {"echo", {{"raw", "\"$folder\""}}, "--x", "a b"}}}};
  CHECK(to_shell(script) ==
        "#!/usr/bin/env bash\n#SBATCH --nodes=2\n# two?lines\nset -euo pipefail\n\nfolder=$(pwd)\n\n"
        "echo \"$folder\" \\\n  --x 'a b'\n");
  CHECK(cli::to_shell_line(script) == "folder=$(pwd)\necho \"$folder\" --x 'a b'");
}

TEST_CASE("a word of a unit stays one word, and nothing in it is replaced", "[cli]") {
  const auto unit = [](const char* key, const Json& value) {
    const Json entries = Json::array({Json::array({key, value})});
    return to_unit({{"sections", Json::array({{{"name", "Service"}, {"entries", entries}}})}});
  };
  CHECK(unit("ExecStart", {"/usr/bin/env", "vllm", "--x", "1"}) ==
        "[Service]\nExecStart=/usr/bin/env vllm \\\n  --x 1\n");
  CHECK(unit("ExecStart", Json::array({"a \"b\" $c %d \\\n\x7F", ""})) ==
        "[Service]\nExecStart=\"a \\\"b\\\" $$c %%d \\\\\\x0a\\x7f\" \"\"\n");
  CHECK(unit("Environment", Json::array({"A=$b %c"})) == "[Service]\nEnvironment=\"A=$b %%c\"\n");
  CHECK(unit("Description", "100 %\nExecStart=x") == "[Service]\nDescription=100 %%?ExecStart=x\n");
}

TEST_CASE("entries of a unit are pairs", "[cli]") {
  const Json unit = {{"sections", {{{"name", "Unit"}, {"entries", {Json::array({"After"})}}}}}};
  CHECK_THROWS_WITH(to_unit(unit), ContainsSubstring("expected { key, value }"));
}
