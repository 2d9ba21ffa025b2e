// An artifact of a user's own, from the README of the renderers, typed word for word.
#include "support/catch.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"

using namespace vw;
using test::Cli;

namespace {

const std::string readme = VW_ROOT "/scripts/renderers/README.md";

// The first block of shell.
std::string recipe() {
  const std::string text = read_file(disk_files(), readme, readme), opening = "\n```sh\n";
  const std::size_t begin = text.find(opening) + opening.size();
  return text.substr(begin, text.find("\n```\n", begin) - begin);
}

}  // namespace

TEST_CASE("the recipe for an artifact of one's own works as it is typed", "[cli]") {
  const Cli cli;
  const std::string program = "set -eu; cd '" + cli.path() + "'; export HF_HUB_OFFLINE=1 HOME=" + cli.path("home") +
                              "; vllm-wizard() { " VW_BINARY_DIR "/vllm-wizard \"$@\"; }\n" + recipe();
  const ProcessResult result = run_process({"/bin/bash", "-c", program}, 60);
  INFO(result.output << result.errors);
  CHECK(result.exit_code == 0);
  CHECK_THAT(result.output, ContainsSubstring("OK       renderer 'makefile'"));
  CHECK_THAT(result.output, ContainsSubstring("a Makefile that serves the model"));
  CHECK_THAT(result.output, ContainsSubstring("wrote     deploy/Makefile"));
  CHECK(disk_files().read(cli.path("deploy/Makefile")).value_or("") == "serve:\n\tvllm serve Qwen/Qwen3-8B\n");
}

TEST_CASE("an artifact that a plan has no use for is told with the reason", "[cli]") {
  const Cli cli;
  const std::vector<std::string> words = {"generate",
                                          "-o",
                                          "out",
                                          "-m",
                                          "Qwen/Qwen3-8B",
                                          "--gpu",
                                          "L40S",
                                          "--max-model-len",
                                          "16k",
                                          "--emit",
                                          "leader-worker-set,command"};
  const test::Ran ran = cli.run(words);
  CHECK(ran.exit_code == 0);
  CHECK(ran.out ==
        "wrote     out/serve_command.sh\nwrote     out/plan.json\n"
        "left out  leader-worker-set: starts a server on several nodes, the plan has one\n");
}
