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

TEST_CASE("two releases are set side by side with what changed between them", "[cli]") {
  const Words words = {"plan",
                       "-m",
                       "meta-llama/Llama-3.1-8B-Instruct",
                       "--gpu",
                       "RTX 4090",
                       "--max-model-len",
                       "8k",
                       "-c",
                       "4",
                       "--vllm-version",
                       "0.10",
                       "--vllm-version",
                       "0.30"};
  expect_plan("two-releases", Cli(), words, 0);
  Words with_comma(words.begin(), words.end() - 2);
  with_comma.back() = "0.10,0.30";
  CHECK(Cli().run(with_comma).out == Cli().run(words).out);
  with_comma.back() = "0.10,";
  CHECK(Cli().run(with_comma).err ==
        "vllm-wizard: error: --vllm-version: '0.10,' has an empty version, expected some like 0.9.1,0.31\n");
  Words as_json = words;
  as_json.push_back("--json");
  const Json both = plan_json(Cli(), as_json);
  CHECK(both.at("schema") == "vllm-wizard/plans/1");
  REQUIRE(both.at("plans").size() == 2);
  CHECK(both.at("plans").at(0).at("vllm_version") == "0.10");
  CHECK(both.at("plans").at(1).at("vllm_version") == "0.30");
  CHECK(both.at("plans").at(1).at("artifacts").contains("serve_command"));
  const Ran refused =
      Cli().run({"generate", "-o", "out", "-m", "m", "--vllm-version", "0.10", "--vllm-version", "0.30"});
  CHECK(refused.exit_code == 2);
  CHECK(refused.err == "vllm-wizard: error: --vllm-version: is given twice, expected it once\n");
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

TEST_CASE("a simulation adds percentiles to the plan, and says so where a heuristic cannot", "[cli]") {
  const Words words = {"plan", "-m",         "Qwen/Qwen3-32B", "--gpu", "h100-sxm5-80gb", "--gpus", "2", "-c",
                       "20",   "--simulate", "--seed",         "3"};
  expect_plan("simulated", Cli(), words, 0);
  Words by_rate = words;
  by_rate.insert(by_rate.end(), {"--request-rate", "2.5", "--burst", "5", "--json"});
  const Json simulated = plan_json(Cli(), by_rate).at("performance").at("simulated");
  CHECK(simulated.at("request_rate_per_s") == 2.5);
  CHECK(simulated.at("ttft_ms").at("p99") > simulated.at("ttft_ms").at("p50"));
  Words classic = words;
  classic.insert(classic.end(), {"--perf-model", "classic"});
  const Ran refused = Cli().run(classic);
  CHECK(refused.exit_code == 2);
  CHECK(refused.err.ends_with("perf/classic.lua: does not know the verb '\"simulate\"'\n"));
}

TEST_CASE("a folder with nothing but config.json is planned", "[cli]") {
  expect_plan("local-folder", Cli(), {"plan", "-m", tiny_llama, "--gpu", "T4", "--memory-model", "classic"}, 0);
}

TEST_CASE("a dtype that the card is too old for is not supported, and the configuration has one that runs", "[cli]") {
  expect_plan("not-supported", Cli(), {"plan", "-m", tiny_llama, "--gpu", "T4", "--dtype", "bf16"}, 1);
}

TEST_CASE("a checkpoint that the card is too old for gets no command, whatever fits", "[cli]") {
  const Words model = {"-m", "Qwen/Qwen3-8B-FP8", "--gpu", "V100 32GB"};
  Words plan = {"plan"}, generate = {"generate", "-o", "out"};
  plan.insert(plan.end(), model.begin(), model.end());
  generate.insert(generate.end(), model.begin(), model.end());
  expect_plan("not-supported-checkpoint", Cli(), plan, 1);
  const Cli cli;
  CHECK(cli.run(generate).exit_code == 1);
  CHECK(disk_files().list(cli.path("out")).empty());
}

TEST_CASE("an option that vLLM refuses is not supported, and gets no command", "[cli]") {
  const Words asked = {"-m",    "Qwen/Qwen2.5-VL-7B-Instruct", "--gpu", "L4", "--language-model-only", "--vllm-version",
                       "0.10.0"};
  Words plan = {"plan"}, generate = {"generate", "-o", "out"};
  plan.insert(plan.end(), asked.begin(), asked.end());
  generate.insert(generate.end(), asked.begin(), asked.end());
  const Ran ran = Cli().run(plan);
  CHECK(ran.exit_code == 1);
  CHECK(ran.out.starts_with("NOT SUPPORTED on 1 x NVIDIA L4: --language-model-only is not known to vLLM\n0.10.0\n"));
  CHECK(ran.out.find("vllm serve") == std::string::npos);
  const Cli cli;
  CHECK(cli.run(generate).exit_code == 1);
  CHECK(disk_files().list(cli.path("out")).empty());
}

TEST_CASE("MTP is asked for by the name that the release has for it", "[cli]") {
  const auto command_of = [](const std::string& version) {
    return plan_json(Cli(), {"plan", "-m", "deepseek-ai/DeepSeek-V3", "--gpu", "H200", "--gpus", "8", "--spec-method",
                             "mtp", "--spec-tokens", "1", "--vllm-version", version, "--json"})
        .at("artifacts")
        .at("serve_command")
        .get<std::string>();
  };
  CHECK(command_of("0.10.0").find(R"("method":"deepseek_mtp")") != std::string::npos);
  CHECK(command_of("0.28.0").find(R"("method":"mtp")") != std::string::npos);
}

TEST_CASE("a KV cache format that card or release lacks is not supported, and the files do without it", "[cli]") {
  expect_plan("not-supported-kv-cache", Cli(),
              {"plan", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "A100 80GB", "--max-model-len", "32k", "-c",
               "4", "--kv-cache-dtype", "fp8"},
              1);
  const Json plan = plan_json(Cli(), {"plan", "-m", tiny_llama, "--gpu", "B200", "--kv-cache-dtype", "nvfp4",
                                      "--vllm-version", "0.10", "--json"});
  CHECK(plan.at("feasibility").at("fits") == false);
  CHECK(plan.at("recommended").at("kv_cache_format") == "auto");
  CHECK(plan.at("config").at("kv_cache_dtype") == "auto");
}

TEST_CASE("a format that nobody is known to have is planned as a what-if, without anything to run", "[cli]") {
  const Words model = {"-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "H100", "-q", "gptq"};
  const auto with = [&](Words words) {
    words.insert(words.end(), model.begin(), model.end());
    return words;
  };
  expect_plan("missing-checkpoint", Cli(), with({"plan"}), 0);
  const Json plan = plan_json(Cli(), with({"plan", "--json"}));
  CHECK(plan.at("config").at("model").is_null());
  CHECK(plan.at("config").at("missing_checkpoint") == "gptq");
  CHECK(plan.at("artifacts") == Json::object());
  const Cli cli;
  const Ran refused = cli.run(with({"generate", "-o", "out", "--emit", "all"}));
  CHECK(refused.exit_code == 2);
  CHECK(refused.out.empty());
  CHECK(refused.err ==
        "vllm-wizard: error: --quantization: no checkpoint of 'meta-llama/Llama-3.1-8B-Instruct' stored as 'gptq' is "
        "known, and vLLM cannot make one from 16 bit, expected a format that can be served\n"
        "hint: find or make such a checkpoint and give it with --model, or leave --quantization out\n");
  CHECK_FALSE(std::filesystem::exists(cli.path("out")));
}

TEST_CASE("a format that formats share a name with is served from exactly that checkpoint", "[cli]") {
  const Json plan =
      plan_json(Cli(), {"plan", "-m", "Qwen/Qwen2.5-7B-Instruct", "--gpu", "H100", "-q", "int8", "--json"});
  CHECK(plan.at("config").at("model") == "RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8");
  CHECK(plan_json(Cli(), {"plan", "-m", "Qwen/Qwen2.5-7B-Instruct", "--gpu", "H100", "-q", "w8a16", "--json"})
            .at("config")
            .at("model")
            .is_null());
}

TEST_CASE("memory alone is enough, and a weights format and engine limits of one's own are planned", "[cli]") {
  expect_plan("memory-only", Cli(),
              {"plan", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--vram-gb", "24", "-q", "fp8", "--block-size", "32",
               "--max-num-batched-tokens", "1", "-c", "2"},
              0);
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
  const Ran nowhere = cli.run({"plan", "-m", tiny_llama, "--gpu", "T4", "--output", "deep/down/plan.txt"});
  CHECK(nowhere.exit_code == 2);
  CHECK(nowhere.err == "vllm-wizard: error: --output: there is no folder 'deep/down', expected one that exists\n");
  CHECK_FALSE(disk_files().is_folder(cli.path("deep")));
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

TEST_CASE("advice to serve another checkpoint has the numbers of that checkpoint's own plan", "[cli]") {
  const Words card = {"--gpu", "A100-40GB", "--json"};
  Words base = {"plan", "-m", "google/gemma-4-31B-it"}, variant = {"plan", "-m", "nvidia/Gemma-4-31B-IT-NVFP4"};
  base.insert(base.end(), card.begin(), card.end());
  variant.insert(variant.end(), card.begin(), card.end());
  const Json advised = plan_json(Cli(), base), own = plan_json(Cli(), variant);
  CHECK(advised.at("advice").front().at("change") == "--model nvidia/Gemma-4-31B-IT-NVFP4");
  CHECK(advised.at("recommended").at("weights_gb") == own.at("memory").at("per_gpu").at("weights_gib"));
}
