// `new KIND ID`: a script of every kind with a test that passes as it was written.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "parts/catalog.hpp"
#include "parts/origins.hpp"

#include "base/files.hpp"

#include <algorithm>

using namespace vw;
using namespace vw::test;

TEST_CASE("without a home nothing is written anywhere", "[cli]") {
  Cli cli;
  cli.set("HOME", "").set("XDG_CONFIG_HOME", "");
  const Ran ran = cli.run({"new", "gpu", "mine"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err ==
        "vllm-wizard: error: new: there is no home to write into, expected HOME or XDG_CONFIG_HOME\n"
        "hint: --dir DIR names another\n");
}

TEST_CASE("new writes a script of every kind, and check passes it with its test", "[cli]") {
  const Cli cli;
  for (const KindFolder& kind : kind_folders()) {
    const std::string name = short_kind(kind.kind),
                      id = kind.kind == std::string_view(table_kind::release) ? "0.99.0" : "my-part";
    const Ran made = cli.run({"new", name, id});
    INFO(name << "\n" << made.out << made.err);
    REQUIRE(made.exit_code == 0);
    const std::string script = cli.config_path("scripts/" + std::string(kind.folder) + "/" + id + ".lua");
    CHECK(made.err.empty());
    CHECK(made.out.find("vllm-wizard check ") != std::string::npos);
    const Ran checked = cli.run({"check", script});
    INFO(checked.out << checked.err);
    CHECK(checked.exit_code == 0);
    CHECK(split(checked.out, '\n').size() > 2);  // the script and at least one sentence of its test
    CHECK(checked.out.find("ERROR") == std::string::npos);
  }
  const Ran all = cli.run({"check"});
  INFO(all.out);
  CHECK(all.exit_code == 0);
}

TEST_CASE("new says what it wrote and how to go on, and never overwrites", "[cli]") {
  const Cli cli;
  const std::vector<std::vector<std::string>> commands = {{"new", "family", "my-family"},
                                                          {"new", "renderer", "nomad", "--dir", "scripts"}};
  const std::string first = transcripts(cli, commands, 0);
  expect_golden("transcripts/new.txt", first + "\n" + transcripts(cli, commands, 2));
}

TEST_CASE("the help of new lists every kind there is", "[cli]") {
  const std::string help = Cli().run({"new", "--help"}).out;
  for (const KindFolder& kind : kind_folders()) {
    std::string name = kind.constructor;
    std::replace(name.begin(), name.end(), '_', '-');
    INFO(name);
    CHECK(help.find(name) != std::string::npos);
  }
}
