// What `plan` prints, whole: tests/data/transcripts/plan-*.txt.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"
#include "base/json_reader.hpp"

#include <filesystem>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

void expect_plan(const std::string& name, const Cli& cli, const Words& words, int exit_code) {
  const Ran ran = cli.run(words);
  CHECK(ran.exit_code == exit_code);
  expect_golden("transcripts/plan-" + name + ".txt", transcript(cli, words, ran));
}

Json plan_json(const Cli& cli, const Words& words) {
  const Ran ran = cli.run(words);
  INFO(ran.err);
  REQUIRE(ran.exit_code <= 1);
  return parse_json(ran.out, "plan");
}

// Reports wrap by the length of a name, so the folder is named by a link whose length is the same on every machine.
std::string linked(const std::string& folder, const std::string& link) {
  std::filesystem::remove(link);
  std::filesystem::create_directory_symlink(folder, link);
  return link;
}
const std::string tiny_llama = linked(VW_ROOT "/tests/data/checkpoints/tiny-llama", "/tmp/vllm-wizard-tiny-llama");

}  // namespace

TEST_CASE("an 8 B model with four users fits on one workstation card", "[cli]") {
  expect_plan(
      "llama-3.1-8b-rtx-4090", Cli(),
      {"plan", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "RTX 4090", "--max-model-len", "8192", "-c", "4"}, 0);
}

TEST_CASE("a 70 B model on four cards is explained to the last number", "[cli]") {
  expect_plan("llama-3.1-70b-4-a100", Cli(),
              {"plan", "-m", "meta-llama/Llama-3.1-70B-Instruct", "--gpu", "A100 80GB", "--gpus", "4", "--explain"}, 0);
}

TEST_CASE("a mixture of experts that does not fit gets advice and exit code 1", "[cli]") {
  expect_plan("mixtral-8x7b-a100", Cli(), {"plan", "-m", "mistralai/Mixtral-8x7B-Instruct-v0.1", "--gpu", "A100"}, 1);
}

TEST_CASE("models of every kind of attention are planned", "[cli]") {
  const Cli cli;
  expect_plan("deepseek-v3-8-h200", cli, {"plan", "-m", "deepseek-ai/DeepSeek-V3", "--gpu", "H200", "--gpus", "8"}, 0);
  expect_plan("gemma-3-27b-rtx-6000-ada", cli, {"plan", "-m", "google/gemma-3-27b-it", "--gpu", "RTX 6000 Ada"}, 1);
  expect_plan("gpt-oss-120b-h100", cli, {"plan", "-m", "openai/gpt-oss-120b", "--gpu", "H100"}, 0);
  expect_plan("qwen3-next-4-h100", cli,
              {"plan", "-m", "Qwen/Qwen3-Next-80B-A3B-Instruct", "--gpu", "H100", "--gpus", "4", "--max-model-len",
               "32k", "-c", "16"},
              0);
}

TEST_CASE("a folder with nothing but config.json is planned", "[cli]") {
  expect_plan("local-folder", Cli(), {"plan", "-m", tiny_llama, "--gpu", "T4", "--memory-model", "classic"}, 0);
}

TEST_CASE("a format that the card is too old for is not supported, whatever fits", "[cli]") {
  const Words words = {"plan", "-m", tiny_llama, "--gpu", "T4", "--dtype", "bf16"};
  expect_plan("not-supported", Cli(), words, 1);
  const Cli cli;
  CHECK(cli.run({"generate", "-o", "out", "-m", tiny_llama, "--gpu", "T4", "--dtype", "bf16"}).exit_code == 1);
  CHECK(disk_files().list(cli.path("out")).empty());
}

TEST_CASE("a plan can be asked for by a profile, and options win over it", "[cli]") {
  const std::string profile = VW_ROOT "/tests/data/profiles/reference.yaml";
  expect_plan("profile", Cli(), {"plan", "-p", profile}, 0);
  const Json plan = plan_json(Cli(), {"plan", "-p", profile, "-c", "2", "--json"});
  CHECK(plan.at("config").at("concurrency") == 2);
}

TEST_CASE("the cards of this machine are planned for when none is named", "[cli]") {
  Cli cli;
  cli.tool("nvidia-smi", "case \"$1\" in --query-gpu=*) /bin/cat '" VW_ROOT
                         "/tests/data/nvidia-smi/six-pcie/query.csv' ;; "
                         "topo) /bin/cat '" VW_ROOT "/tests/data/nvidia-smi/six-pcie/topo.txt' ;; esac");
  expect_plan("detected", cli, {"plan", "-m", "meta-llama/Llama-3.1-70B-Instruct", "--max-model-len", "16k", "-c", "8"},
              0);
}

TEST_CASE("the JSON of a plan is pure JSON with all its sections", "[cli]") {
  const Json plan = plan_json(Cli(), {"plan", "-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--json"});
  CHECK(plan.at("schema") == "vllm-wizard/plan/1");
  for (const char* key : {"model", "hardware", "feasibility", "memory", "config", "performance", "artifacts", "parts",
                          "advice", "warnings", "vllm_version", "release"})
    CHECK(plan.contains(key));
  for (const char* key : {"serve_command", "docker_command", "docker_compose", "k8s_values"})
    CHECK(plan.at("artifacts").at(key).is_string());
  CHECK_FALSE(plan.contains("terms"));
  CHECK(plan_json(Cli(), {"plan", "-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--json", "--explain"}).contains("terms"));
}

TEST_CASE("the same question gets the same bytes", "[cli]") {
  const Words words = {"plan", "-m", "deepseek-ai/DeepSeek-V3", "--gpu", "H200", "--gpus", "8", "--json", "--explain"};
  CHECK(Cli().run(words).out == Cli().run(words).out);
}

TEST_CASE("a result can be written to a file", "[cli]") {
  const Cli cli;
  const Ran ran = cli.run({"plan", "-m", tiny_llama, "--gpu", "T4", "--json", "--output", "plan.json"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.empty());
  CHECK(disk_files().read(cli.path("plan.json"))->starts_with("{\n"));
}

TEST_CASE("colour is shown only where it was asked for", "[cli]") {
  const Words words = {"plan", "-m", tiny_llama, "--gpu", "T4"};
  const auto with = [&](const std::string& choice) {
    Words coloured = words;
    coloured.insert(coloured.end(), {"--color", choice});
    return coloured;
  };
  CHECK(Cli().run(words).out.find('\033') == std::string::npos);
  CHECK(Cli().run(with("never")).out.find('\033') == std::string::npos);
  CHECK(Cli().run(with("always")).out.find('\033') != std::string::npos);
  Cli plain;
  plain.set("NO_COLOR", "1");
  CHECK(plain.run(words).out.find('\033') == std::string::npos);
}
