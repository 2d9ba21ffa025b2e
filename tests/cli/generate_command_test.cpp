// `generate`: what is written, what is kept, and that a written profile plans the same again.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "base/yaml.hpp"

#include <filesystem>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;
const std::string tiny = VW_ROOT "/tests/data/checkpoints/tiny-llama";

std::string content(const Cli& cli, const std::string& name) {
  return disk_files().read(cli.path(name)).value_or("(no such file)");
}

Json plan_of(const Cli& cli, Words words) {
  words.insert(words.begin(), "plan");
  words.push_back("--json");
  const Ran ran = cli.run(words);
  INFO(ran.err);
  REQUIRE(ran.exit_code <= 1);
  return parse_json(ran.out, "plan");
}

// Options, written as a profile and read again, make the same plan.
void expect_round_trip(const Words& options) {
  const Cli cli;
  Words generate = {"generate", "-o", "out", "--emit", "profile"};
  generate.insert(generate.end(), options.begin(), options.end());
  const Ran ran = cli.run(generate);
  INFO(join(options, " ") << "\n" << ran.err);
  REQUIRE(ran.exit_code <= 1);
  Json again = plan_of(cli, {"-p", "out/profile.yaml"}), first = plan_of(cli, options);
  CHECK(again == first);
}

}  // namespace

TEST_CASE("generate writes every artifact that was asked for, and plan.json", "[cli]") {
  const Cli cli;
  const Words words = {"generate",        "-o",  "out",    "-m", "Qwen/Qwen3-8B", "--gpu", "L40S",
                       "--max-model-len", "16k", "--emit", "all"};
  std::string text = transcript(cli, words, cli.run(words));
  for (const std::string& name : disk_files().list(cli.path("out")))
    if (name != "plan.json") text += "\n=== " + name + "\n" + content(cli, "out/" + name);
  expect_golden("transcripts/generate-all.txt", text);
  CHECK(parse_json(content(cli, "out/plan.json"), "plan.json").at("schema") == "vllm-wizard/plan/1");
}

TEST_CASE("the default artifacts are the command and the profile", "[cli]") {
  const Cli cli;
  CHECK(cli.run({"generate", "-o", "out", "-m", tiny, "--gpu", "T4"}).exit_code == 0);
  CHECK(disk_files().list(cli.path("out")) == Words{"plan.json", "profile.yaml", "serve_command.sh"});
  const auto permissions = std::filesystem::status(cli.path("out/serve_command.sh")).permissions();
  CHECK((permissions & std::filesystem::perms::owner_exec) != std::filesystem::perms::none);
  const auto plain = std::filesystem::status(cli.path("out/profile.yaml")).permissions();
  CHECK((plain & std::filesystem::perms::owner_exec) == std::filesystem::perms::none);
}

TEST_CASE("generate makes the folder that it writes to, but none above it", "[cli]") {
  const Cli cli;
  CHECK(cli.run({"generate", "-o", "out/", "-m", tiny, "--gpu", "T4"}).exit_code == 0);
  CHECK(cli.run({"generate", "-o", "out/more", "-m", tiny, "--gpu", "T4"}).exit_code == 0);
  const Ran ran = cli.run({"generate", "-o", "deep/down", "-m", tiny, "--gpu", "T4"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err == "vllm-wizard: error: --output-dir: there is no folder 'deep', expected one that exists\n");
  CHECK_FALSE(disk_files().is_folder(cli.path("deep")));
}

TEST_CASE("a profile names a model folder by its whole path, so that it works from elsewhere", "[cli]") {
  const Cli cli;
  cli.put("models/tiny/config.json", disk_files().read(tiny + "/config.json").value());
  REQUIRE(cli.run({"generate", "-o", "out", "-m", "models/../models/tiny", "--gpu", "T4"}).exit_code == 0);
  const Json profile = parse_yaml(content(cli, "out/profile.yaml"), "profile");
  CHECK(profile.at("model").at("id") == cli.path("models/tiny"));
}

TEST_CASE("a unit starts a model folder by its whole path, as it runs elsewhere", "[cli]") {
  const Cli cli;
  cli.put("models/tiny/config.json", disk_files().read(tiny + "/config.json").value());
  REQUIRE(cli.run({"generate", "-o", "out", "-m", "models/tiny", "--gpu", "T4", "--emit", "systemd,slurm"}).exit_code ==
          0);
  for (const char* file : {"out/vllm.service", "out/vllm.sbatch"}) {
    INFO(file);
    CHECK(content(cli, file).find("vllm serve") != std::string::npos);
    CHECK(content(cli, file).find(cli.path("models/tiny")) != std::string::npos);
  }
}

TEST_CASE("a renderer whose file is that of the plan is refused", "[cli]") {
  const Cli cli;
  cli.put_config("scripts/renderers/mine.lua",
                 "return vw.renderer { id = \"mine\", summary = \"s\", render = function() return { file = "
                 "\"plan.json\", format = \"text\", data = \"x\" } end }\n");
  const Ran ran = cli.run({"generate", "-o", "out", "-m", tiny, "--gpu", "L40S", "--emit", "mine"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.err ==
        "vllm-wizard: error: --emit: renderer 'mine' writes 'plan.json', expected another name: the plan itself goes "
        "there\nhint: nothing was written\n");
  CHECK_FALSE(disk_files().is_folder(cli.path("out")));
}

TEST_CASE("files that differ are kept, all of them, unless --force is given", "[cli]") {
  const Cli cli;
  const Words words = {"generate", "-o", "out", "-m", tiny, "--gpu", "T4"};
  Words forced = words, other = words;
  forced.push_back("--force");
  other.insert(other.end(), {"-c", "2"});
  std::string text = transcript(cli, words, cli.run(words));
  text += "\n" + transcript(cli, words, cli.run(words));
  const std::string before = content(cli, "out/plan.json");
  cli.put("out/serve_command.sh", "# mine\n");
  text += "\n" + transcript(cli, other, cli.run(other));
  CHECK(content(cli, "out/serve_command.sh") == "# mine\n");
  CHECK(content(cli, "out/plan.json") == before);
  text += "\n" + transcript(cli, forced, cli.run(forced));
  CHECK(content(cli, "out/serve_command.sh") != "# mine\n");
  expect_golden("transcripts/generate-again.txt", text);
  CHECK(disk_files().list(cli.path("out")) == Words{"plan.json", "profile.yaml", "serve_command.sh"});
}

TEST_CASE("another artifact joins a folder, and plan.json tells of the last run", "[cli]") {
  const Cli cli;
  const auto generate = [](const std::string& emit) {
    return Words{"generate", "-o", "out", "-m", tiny, "--gpu", "T4", "--emit", emit};
  };
  std::string text = transcripts(cli, {generate("k8s"), generate("compose"), generate("compose")}, 0);
  CHECK(parse_json(content(cli, "out/plan.json"), "plan.json").at("artifacts").contains("docker_compose"));
  for (const char* foreign : {"{\"schema\": \"another/1\"}", "[]", "my notes", "{\"schema\": 1}"}) {
    cli.put("out/plan.json", foreign);
    const Words words = generate("command");
    const Ran ran = cli.run(words);
    CHECK(ran.exit_code == 2);
    CHECK(content(cli, "out/plan.json") == foreign);
    CHECK(content(cli, "out/serve_command.sh") == "(no such file)");
    if (foreign == std::string("my notes")) text += "\n" + transcript(cli, words, ran);
  }
  expect_golden("transcripts/generate-into.txt", text);
}

TEST_CASE("what cannot start writes nothing, what can start smaller writes that", "[cli]") {
  const Cli cli;
  const Words nothing = {"generate", "-o", "nothing", "-m", "deepseek-ai/DeepSeek-V3", "--gpu", "T4"};
  const Words smaller = {"generate", "-o",       "smaller",         "-m",    "meta-llama/Llama-3.1-8B-Instruct",
                         "--gpu",    "RTX 4090", "--max-model-len", "131072"};
  const Ran none = cli.run(nothing), some = cli.run(smaller);
  CHECK(none.exit_code == 1);
  CHECK(some.exit_code == 1);
  CHECK_FALSE(std::filesystem::exists(cli.path("nothing")));
  expect_golden("transcripts/generate-does-not-fit.txt",
                transcript(cli, nothing, none) + "\n" + transcript(cli, smaller, some) + "\n=== serve_command.sh\n" +
                    content(cli, "smaller/serve_command.sh"));
}

TEST_CASE("a profile that generate wrote plans the same again", "[cli]") {
  expect_round_trip({"-m", tiny, "--gpu", "T4"});
  expect_round_trip({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--max-model-len", "16k", "-c", "8", "--kv-cache-dtype",
                     "fp8", "--streaming"});
  expect_round_trip({"-m",
                     "meta-llama/Llama-3.1-70B-Instruct",
                     "--gpu",
                     "H100",
                     "--gpus",
                     "4",
                     "--tp",
                     "2",
                     "--pp",
                     "2",
                     "--interconnect",
                     "pcie",
                     "--gpu-memory-utilization",
                     "0.85",
                     "--headroom-gb",
                     "2",
                     "--fragmentation-factor",
                     "1.05",
                     "--overhead-gb",
                     "3"});
  expect_round_trip({"-m", "mistralai/Mixtral-8x7B-Instruct-v0.1", "--gpu", "H200", "--nodes", "2", "--dtype",
                     "bfloat16", "--enable-expert-parallel", "--vllm-version", "0.10.0", "--max-num-seqs", "64",
                     "--max-num-batched-tokens", "4096", "--block-size", "32", "--enforce-eager"});
  expect_round_trip({"-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "mystery", "--vram-gb", "48.5", "-q", "fp8",
                     "--params-b", "8.25", "--target-latency-ms", "1500", "--batching-mode", "latency",
                     "--memory-model", "classic", "--perf-model", "classic"});
}

TEST_CASE("a profile of the first vllm_wizard loads unchanged", "[cli]") {
  const Cli cli;
  const std::string profile = VW_ROOT "/tests/data/profiles/reference.yaml";
  CHECK(cli.run({"generate", "-o", "out", "-p", profile}).exit_code == 0);
  const Json written = parse_yaml(content(cli, "out/profile.yaml"), "written"),
             given = parse_yaml(read_golden("profiles/reference.yaml"), "given");
  for (const char* section : {"model", "hardware", "workload", "policy", "outputs"})
    for (const auto& [key, value] : given.at(section).items()) {
      INFO(section << "." << key);
      CHECK(written.at(section).at(key) == value);
    }
  CHECK(content(cli, "out/serve_command.sh").find("--enable-prefix-caching") != std::string::npos);
}

TEST_CASE("texts that look like numbers or truths stay texts in YAML", "[cli]") {
  const Cli cli;
  for (const std::string revision : {"true", "8192", "0.10", "1e5", "null", "no", "~", "0x1F", "2024-01-01", "a: b",
                                     "#x", "- y", "", "ü", "it's", "a\"b"}) {
    INFO(revision);
    const Words model = {"-m", tiny, "--gpu", "T4", "--revision", revision, "--tokenizer", revision};
    Words words = {"generate", "-o", "out", "--force", "--emit", "profile,compose,k8s"};
    words.insert(words.end(), model.begin(), model.end());
    REQUIRE(cli.run(words).exit_code == 0);
    const Json profile = parse_yaml(content(cli, "out/profile.yaml"), "profile.yaml");
    CHECK(profile.at("model").value("tokenizer", "") == revision);
    CHECK(plan_of(cli, {"-p", "out/profile.yaml"}).at("config").at("tokenizer") ==
          (revision.empty() ? Json(nullptr) : Json(revision)));
    CHECK_NOTHROW(parse_yaml(content(cli, "out/docker-compose.yaml"), "docker-compose.yaml"));
    CHECK_NOTHROW(parse_yaml(content(cli, "out/k8s-values.yaml"), "k8s-values.yaml"));
  }
}

TEST_CASE("words of the user's cannot break out of a shell command", "[cli]") {
  const Cli cli;
  const std::string odd = "x'; touch escaped; echo \"$(id)\" `id` \\";
  REQUIRE(cli.run({"generate", "-o", "out", "-m", tiny, "--gpu", "T4", "--tokenizer", odd, "--emit", "command"})
              .exit_code == 0);
  const std::string script = content(cli, "out/serve_command.sh");
  const std::string program =
      "cd '" + cli.path() + "'; vllm() { for word in \"$@\"; do printf '<%s>' \"$word\"; done; }; " + script;
  const ProcessResult result = run_process({"/bin/bash", "-c", program}, 10);
  CHECK(result.errors.empty());
  CHECK(result.output.find("<--tokenizer><" + odd + ">") != std::string::npos);
  CHECK_FALSE(std::filesystem::exists(cli.path("escaped")));
}
