// What README.md shows is what the program prints.
#include "support/catch.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"
#include "base/text.hpp"

#include <cstdlib>
#include <fstream>

using namespace vw;
using test::Cli;
using test::Ran;

namespace {

const std::string readme = VW_ROOT "/README.md";

// The block behind `$ vllm-wizard <command>`, up to its closing fence.
void expect_shown(const std::string& command, const std::string& printed) {
  std::string text = read_file(disk_files(), readme, readme);
  const std::string opening = "$ vllm-wizard " + command + "\n";
  REQUIRE(text.find(opening) != std::string::npos);
  const std::size_t begin = text.find(opening) + opening.size(), end = text.find("```", begin);
  if (std::getenv("VW_UPDATE_GOLDEN") != nullptr) {
    text.replace(begin, end - begin, printed);
    std::ofstream(readme, std::ios::binary) << text;
    return;
  }
  INFO("README.md (VW_UPDATE_GOLDEN=1 rewrites it)");
  CHECK(text.substr(begin, end - begin) == printed);
}

}  // namespace

TEST_CASE("the README shows the main job as it is printed", "[cli]") {
  expect_shown("plan -m meta-llama/Llama-3.1-8B-Instruct --gpu \"RTX 4090\" --max-model-len 8192 -c 4",
               Cli()
                   .run({"plan", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "RTX 4090", "--max-model-len",
                         "8192", "-c", "4", "--offline"})
                   .out);
}

TEST_CASE("the README shows which GPU to rent as it is printed", "[cli]") {
  const std::vector<std::string> question = {
      "-m", "Qwen/Qwen3-32B", "-q",  "none,fp8",      "-c", "20", "--prompt-tokens",
      "4k", "--gen-tokens",   "500", "--max-tpot-ms", "40"};
  const auto shown = [&](const std::string& command, const std::vector<std::string>& more) {
    std::vector<std::string> words = {command};
    words.insert(words.end(), question.begin(), question.end());
    words.insert(words.end(), more.begin(), more.end());
    expect_shown(join(words, " "), Cli().run(words).out);
  };
  shown("size", {});
  shown("sweep", {"--sort", "cost-per-token", "--pareto", "cost", "--top", "8"});
}

TEST_CASE("the README shows the formats of one case as they are weighed", "[cli]") {
  const std::vector<std::string> words = {
      "plan", "-m",       "Qwen/Qwen2.5-Coder-32B-Instruct", "--gpu", "L40S", "--max-model-len", "8k", "-c",
      "8",    "--explain"};
  const std::string out = Cli().run(words).out;
  const std::size_t begin = out.find("\nFormats\n") + 1;
  expect_shown(join(words, " "), out.substr(begin, out.find("\nWhere the numbers come from") - begin));
}

TEST_CASE("the README shows the statistics as they are measured", "[cli]") {
  const Ran ran =
      Cli().run({"validate", VW_ROOT "/tests/validation/startups.json", "--models", VW_ROOT "/tests/validation/models",
                 "--leave-one-out", "--compare", "classic", "--offline"});
  const std::size_t table = ran.out.find("every source weighs the same");
  expect_shown(
      "validate tests/validation/startups.json --models tests/validation/models --leave-one-out --compare classic",
      ran.out.substr(table, ran.out.find("\nset from these", table) - table));
}
