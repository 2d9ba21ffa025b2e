// Help, completion and the man page all come from the two tables of commands and options.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "cli/commands.hpp"
#include "cli/options.hpp"

#include <cstdlib>
#include <filesystem>

using namespace vw;
using namespace vw::test;

namespace {

std::string printed(const std::vector<std::string>& words) {
  const Ran ran = Cli().run(words);
  CHECK(ran.exit_code == 0);
  CHECK(ran.err.empty());
  return ran.out;
}

// What a program of this machine says of a text in a file; nothing when there is no such program.
void expect_accepted(const std::vector<std::string>& program, const std::string& name, const std::string& text) {
  if (!std::filesystem::exists(program.front())) return;
  const TempDir folder;
  std::vector<std::string> command = program;
  command.push_back(folder.put(name, text));
  const ProcessResult result = run_process(command, 30);
  INFO(program.front() << ": " << result.errors);
  CHECK(result.exit_code == 0);
  CHECK(result.errors.empty());
}

}  // namespace

TEST_CASE("the help of the program and of every command", "[cli]") {
  std::string text = transcripts(Cli(), {{}, {"--version"}}, 0);
  for (const cli::Command& command : cli::commands()) text += "\n" + transcripts(Cli(), {{command.name, "--help"}}, 0);
  expect_golden("transcripts/help.txt", text);
}

TEST_CASE("help can be asked for in every usual way", "[cli]") {
  const std::string general = printed({}), plan = printed({"plan", "--help"});
  CHECK(printed({"--help"}) == general);
  CHECK(printed({"-h"}) == general);
  CHECK(printed({"help"}) == general);
  CHECK(printed({"help", "plan"}) == plan);
  CHECK(printed({"plan", "-h"}) == plan);
  CHECK(printed({"plan", "some", "words", "-h"}) == plan);
  CHECK(printed({"plan", "--unknown", "--help", "-m"}) == plan);
  CHECK(printed({"-h", "plan", "words"}) == plan);
  CHECK(printed({"plan", "--version"}) == printed({"--version"}));
}

TEST_CASE("help stays within 80 columns", "[cli]") {
  for (const cli::Command& command : cli::commands()) {
    const std::string help = printed({command.name, "--help"});
    const std::string before_examples = help.substr(0, help.find("\nexamples:\n"));
    for (const std::string& line : split(before_examples, '\n')) {
      INFO(command.name << ": " << line);
      CHECK(line.size() <= 80);
    }
  }
}

TEST_CASE("completion is valid in its shell and knows every command and option", "[cli]") {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const std::string script = printed({"completion", shell});
    for (const cli::Command& command : cli::commands()) CHECK(script.find(command.name) != std::string::npos);
    for (const cli::Option& option : cli::all_options()) {
      INFO(shell << ": " << option.name);
      CHECK(script.find(option.name) != std::string::npos);
    }
    for (const std::string folder : {"/bin/", "/usr/bin/"})
      expect_accepted({folder + shell, "-n"}, "completion." + shell, script);
  }
}

TEST_CASE("bash completes commands, options of the command, and words of an option", "[cli]") {
  if (!std::filesystem::exists("/bin/bash")) return;
  const TempDir folder;
  const std::string script = folder.put("completion", printed({"completion", "bash"}));
  const auto completed = [&](const std::string& words, int at) {
    const std::string program = "source " + script + "; COMP_WORDS=(" + words + "); COMP_CWORD=" + std::to_string(at) +
                                "; _vllm_wizard; echo \"${COMPREPLY[*]}\"";
    return run_process({"/bin/bash", "-c", program}, 30).output;
  };
  CHECK(completed("vllm-wizard qu", 1) == "quantizations\n");
  CHECK(completed("vllm-wizard plan --conc", 2) == "--concurrency\n");
  CHECK(completed("vllm-wizard plan --dtype b", 3) == "bf16\n");
  CHECK(completed("vllm-wizard detect --conc", 2) == "\n");
}

TEST_CASE("the man page is valid roff and speaks of every command and option", "[cli]") {
  const std::string page = printed({"man"});
  for (const cli::Command& command : cli::commands())
    CHECK(page.find("\n.B " + std::string(command.name)) != std::string::npos);
  CHECK(page.find("\\-\\-max\\-model\\-len") != std::string::npos);
  expect_accepted({"/usr/bin/groff", "-man", "-Tutf8", "-ww"}, "vllm-wizard.1", page);
}
