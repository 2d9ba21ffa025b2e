// `lint`: what is wrong with a command that somebody has, and what it plans to.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/json_reader.hpp"

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

std::string transcripts(const Cli& cli, const std::vector<Words>& runs) {
  std::string text;
  for (const Words& words : runs) text += (text.empty() ? "" : "\n") + transcript(cli, words, cli.run(words));
  return text;
}

const char* const old_script =
    "#!/bin/bash\n"
    "# started by hand\n"
    "export HF_TOKEN=hf_abcdefghijklmnopqrstuvwxyzABCDEFGH\n"
    "python3 -m vllm.entrypoints.openai.api_server --model Qwen/Qwen3-8B \\\n"
    "  --tensor_parallel_size 1 --swap-space 16 \\\n"
    "  --max-model-len 16k --gpu-memory-utilization 0.9 \\\n"
    "  --num-scheduler-steps 8 --made-up-flag 3 --port $PORT >> vllm.log 2>&1 &\n";

const char* const compose =
    "services:\n"
    "  chat:\n"
    "    image: vllm/vllm-openai:v0.10.0\n"
    "    command: --model Qwen/Qwen3-8B --max-model-len 8192 --disable-log-requests\n"
    "    deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 1, capabilities: [gpu]}]}}}\n"
    "  big:\n"
    "    image: vllm/vllm-openai:latest\n"
    "    command: [\"--model\", \"meta-llama/Llama-3.1-70B-Instruct\", \"-tp\", \"2\", \"-q\", \"awq\"]\n";

}  // namespace

TEST_CASE("a script is linted line by line, and planned on a card", "[cli]") {
  const Cli cli;
  cli.put("serve.sh", old_script);
  cli.put("clean.sh", "vllm serve Qwen/Qwen3-8B --max-model-len 16k\n");
  expect_golden("transcripts/lint-script.txt", transcripts(cli, {{"lint", "serve.sh", "--gpu", "L40S"},
                                                                 {"lint", "serve.sh", "--vllm-version", "0.9.1"},
                                                                 {"lint", "clean.sh", "--gpu", "L40S"},
                                                                 {"lint", "clean.sh", "--gpu", "RTX 4060"},
                                                                 {"lint", "clean.sh"}}));
}

TEST_CASE("every server of a Compose file is linted as its image's release", "[cli]") {
  const Cli cli;
  cli.put("docker-compose.yaml", compose);
  expect_golden("transcripts/lint-compose.txt",
                transcripts(cli, {{"lint", "docker-compose.yaml", "--gpu", "a100-80gb"}}));
}

TEST_CASE("a command is linted in quotes and as words", "[cli]") {
  const Cli cli;
  expect_golden("transcripts/lint-command.txt",
                transcripts(cli, {{"lint", "vllm serve Qwen/Qwen3-8B --max_model_len=8k --enforce-eager -tp $TP"},
                                  {"lint", "--gpu", "L40S", "--", "vllm", "serve", "Qwen/Qwen3-8B", "--max-model-len",
                                   "8k", "--swap-space", "4"},
                                  {"lint", "--gpu", "L40S", "--", "vllm", "serve", "Qwen/Qwen3-8B", "--spec-method",
                                   "mtp", "--spec-tokens", "1"}}));
}

TEST_CASE("servers of one file that share a card have to share it", "[cli]") {
  const Cli cli;
  const auto service = [](const std::string& name, const std::string& model, const std::string& share) {
    return "  " + name + ":\n    image: vllm/vllm-openai:v0.10.1\n    command: --model " + model +
           " --max-model-len 4096 --gpu-memory-utilization " + share +
           "\n    deploy:\n      resources:\n        reservations:\n          devices:\n"
           "            - { driver: nvidia, device_ids: [\"0\"], capabilities: [gpu] }\n";
  };
  cli.put("compose.yaml",
          "services:\n" + service("a", "Qwen/Qwen3-8B", "0.45") + service("b", "Qwen/Qwen3-4B", "0.45"));
  CHECK(cli.run({"lint", "compose.yaml", "--gpu", "h100-sxm5-80gb"}).exit_code == 0);
  cli.put("compose.yaml", "services:\n" + service("a", "Qwen/Qwen3-8B", "0.9") + service("b", "Qwen/Qwen3-4B", "0.9"));
  expect_golden("transcripts/lint-crowded.txt",
                transcripts(cli, {{"lint", "compose.yaml", "--gpu", "h100-sxm5-80gb"}}, 1));
}

TEST_CASE("a length that the model has not, and an architecture that the release has not, are errors", "[cli]") {
  const Cli cli;
  expect_golden("transcripts/lint-refused.txt",
                transcripts(cli,
                            {{"lint", "vllm serve Qwen/Qwen3-8B --max-model-len 100000", "--gpu", "h100-sxm5-80gb"},
                             {"lint", "vllm serve meta-llama/Llama-3.2-11B-Vision-Instruct --max-model-len 8192",
                              "--gpu", "L40S"}},
                            1));
}

TEST_CASE("what cannot be linted is one message", "[cli]") {
  const Cli cli;
  cli.put("empty.sh", "");
  cli.put("other.sh", "#!/bin/sh\necho hello\n");
  cli.put("open.sh", "#!/bin/sh\nvllm serve 'm\n");
  cli.put("binary", std::string("\x7f"
                                "ELF\0\1\2",
                                7));
  cli.put("deep.yaml", "a: " + std::string(5000, '[') + "\n");
  cli.put("large.sh", std::string(10u << 20, 'a'));
  cli.put("folder/file", "");
  expect_golden("transcripts/bad-lint.txt",
                transcripts(cli, {{"lint"},
                                  {"lint", "missing.sh"},
                                  {"lint", "empty.sh"},
                                  {"lint", "other.sh"},
                                  {"lint", "open.sh"},
                                  {"lint", "binary"},
                                  {"lint", "deep.yaml"},
                                  {"lint", "large.sh"},
                                  {"lint", "folder"},
                                  {"lint", "echo hello"},
                                  {"lint", "--vllm-version", "0.1", "--", "vllm", "serve", "m"},
                                  {"lint", "--", "vllm", "serve"},
                                  {"lint", "vllm serve not/known", "--gpu", "L40S"}}));
}

TEST_CASE("the JSON of lint holds findings, release and servers with their plans", "[cli]") {
  const Cli cli;
  cli.put("docker-compose.yaml", compose);
  const Ran ran = cli.run({"lint", "docker-compose.yaml", "--gpu", "a100-80gb", "--json"});
  CHECK(ran.exit_code == 1);
  const Json report = parse_json(ran.out, "lint --json");
  CHECK(report["schema"] == "vllm-wizard/lint/1");
  CHECK(report["release"] == "0.31");
  REQUIRE(report["servers"].size() == 2);
  CHECK(report["servers"][1]["release"] == "0.10.0");
  CHECK(report["servers"][1]["where"] == "service 'chat'");
  CHECK(report["servers"][1]["request"]["model"]["max_model_len"] == 8192);
  CHECK(report["servers"][1]["plan"]["feasibility"]["fits"] == true);
  CHECK(report["servers"][1]["plan"]["config"]["gpu_memory_utilization"] == 0.9);
  std::size_t errors = 0;
  for (const Json& finding : report["findings"]) errors += finding["severity"] == "error" ? 1 : 0;
  CHECK(report["errors"] == errors);
  CHECK(errors > 0);
}
