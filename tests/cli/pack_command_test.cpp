// pack: what it prints, refuses and writes.
#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "base/text.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include <fmt/format.h>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

Words pack(Words words) {
  words.insert(words.begin(), {"pack", "--offline"});
  return words;
}

Words pair_on(const std::string& gpu) {
  return pack({"-m", "TheBloke/deepseek-coder-33B-instruct-AWQ,ctx=4096,c=8", "-m",
               "TheBloke/Mistral-7B-v0.1-AWQ,ctx=4096,c=8", "--gpu", gpu});
}

Words with(Words words, const Words& more) {
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Json json_of(const Cli& cli, const Words& words) {
  const Ran ran = cli.run(with(words, {"--json"}));
  INFO(ran.err);
  REQUIRE(ran.exit_code <= 1);
  return parse_json(ran.out, "pack");
}

std::string all_files(const Cli& cli, const std::string& folder) {
  std::string text;
  for (const std::string& name : disk_files().list(cli.path(folder)))
    if (name != "pack.json")
      text += "\n=== " + name + "\n" + disk_files().read(cli.path(folder + "/" + name)).value_or("");
  return text;
}

}  // namespace

TEST_CASE("models that fit get shares, cards, an order and a command each", "[cli]") {
  const Cli cli;
  expect_golden("transcripts/pack.txt",
                transcripts(cli,
                            {with(pair_on("h100-sxm5-80gb"), {"--explain"}),
                             pack({"-m", "Qwen/Qwen3-32B,tp=2,ctx=16k", "-m", "Qwen/Qwen3-8B:fp8,ctx=16k,name=fast",
                                   "-m", "Qwen/Qwen3-8B,c=4", "--gpu", "L40S", "--gpus", "4"}),
                             with(pair_on("h100-sxm5-80gb"), {"--vllm-version", "0.9.1"})},
                            0));
}

TEST_CASE("models that do not fit are told what is missing, and end with 1", "[cli]") {
  const Cli cli;
  const Words in_8_bit = pack({"-m", "deepseek-ai/deepseek-coder-33b-instruct:fp8,ctx=4096,c=8", "-m",
                               "mistralai/Mistral-7B-v0.1:fp8,ctx=4096,c=8", "--gpu", "L40S"});
  expect_golden(
      "transcripts/pack-does-not-fit.txt",
      transcripts(cli,
                  {in_8_bit, pair_on("rtx-4090"),
                   pack({"-m", "Qwen/Qwen3-8B,ctx=8k,share=0.1", "-m", "Qwen/Qwen2.5-0.5B,share=0.2", "--gpu", "L40S"}),
                   with(in_8_bit, {"-o", "out", "--emit", "all"})},
                  1));
  CHECK_FALSE(disk_files().is_folder(cli.path("out")));
}

TEST_CASE("a set that cannot be read is one message", "[cli]") {
  const Cli cli;
  const std::string profile = cli.put("set.yaml", "models:\n  - id: Qwen/Qwen3-8B\n    contxt: 1\n");
  const std::string good = cli.put("good.yaml", "models:\n  - id: Qwen/Qwen3-8B\n");
  const auto one = [](const std::string& spec) { return pack({"-m", spec, "--gpu", "L40S"}); };
  expect_golden("transcripts/bad-packs.txt",
                transcripts(cli,
                            {pack({"--gpu", "L40S"}),
                             one("Qwen/Qwen3-8B,contxt=1"),
                             one("Qwen/Qwen3-8B,ctx"),
                             one("Qwen/Qwen3-8B,ctx=0"),
                             one("Qwen/Qwen3-8B,c=-1"),
                             one("Qwen/Qwen3-8B,share=1.5"),
                             one("Qwen/Qwen3-8B,share=nan"),
                             one("Qwen/Qwen3-8B,name=Big One"),
                             one("Qwen/Qwen3-8B:"),
                             one(",ctx=1"),
                             one("Qwen/Qwen3-8B:fp9"),
                             one("Qwen/Qwen3-8B:gptq"),
                             one("Qwen/Qwen3-8C"),
                             one("Qwen/Qwen3-8B,tp=3"),
                             pack({"-m", "Qwen/Qwen3-8B,name=a", "-m", "Qwen/Qwen3-8B,name=a", "--gpu", "L40S"}),
                             pack({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--nodes", "2"}),
                             pack({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--pp", "2"}),
                             pack({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--dp", "2"}),
                             pack({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--kv-cache-memory-bytes", "4G"}),
                             pack({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "--emit", "all"}),
                             pack({"-m", "Qwen/Qwen3-8B", "--gpu", "L40S", "-o", "out", "--emit", "composse"}),
                             pack({"-p", profile, "--gpu", "L40S"}),
                             {"plan", "-p", good, "--gpu", "L40S", "--offline"}},
                            2));
}

TEST_CASE("every artifact of a packed pair is as it was", "[cli]") {
  const Cli cli;
  const Words words = with(pair_on("rtx-pro-6000-blackwell-server"), {"-o", "out", "--emit", "all"});
  expect_golden("transcripts/pack-all.txt", transcript(cli, words, cli.run(words)) + all_files(cli, "out"));
}

TEST_CASE("what cannot be written for a set is left out with its reason", "[cli]") {
  const Cli cli;
  const Words words = pack({"-m", "Qwen/Qwen3-8B,ctx=8k", "-m", "Qwen/Qwen3-4B,ctx=8k", "--gpu", "L40S", "--gpus", "2",
                            "-o", "out", "--emit", "kubernetes,slurm,router"});
  expect_golden("transcripts/pack-left-out.txt", transcript(cli, words, cli.run(words)));
  CHECK(disk_files().list(cli.path("out")) == Words{"litellm-config.yaml", "pack.json"});
}

TEST_CASE("the profile of a set packs the same again", "[cli]") {
  const Cli cli;
  const Words words = pair_on("h100-sxm5-80gb");
  REQUIRE(cli.run(with(words, {"-o", "out", "--emit", "profile"})).exit_code == 0);
  const Json first = json_of(cli, words), again = json_of(cli, {"pack", "-p", "out/profile.yaml"});
  CHECK(first.at("cards") == again.at("cards"));
  CHECK(first.at("alternatives") == again.at("alternatives"));
  for (std::size_t at = 0; at < 2; ++at) CHECK(first["models"][at]["command"] == again["models"][at]["command"]);
}

TEST_CASE("every command has the share that the set says, and the plan behind it fits", "[cli]") {
  const Cli cli;
  for (const char* release : {"0.9.1", "0.11.0", "0.31"}) {
    const Json set = json_of(cli, with(pair_on("h100-sxm5-80gb"), {"--vllm-version", release}));
    CHECK(set.at("schema") == "vllm-wizard/pack/1");
    double sum = 0;
    for (const Json& model : set.at("models")) {
      const std::string flag =
          fmt::format("--gpu-memory-utilization {:g} ", model.at("gpu_memory_utilization").get<double>());
      CHECK_THAT(model.at("command").get<std::string>(), ContainsSubstring(flag));
      CHECK(model.at("plan").at("feasibility").at("fits") == true);
      CHECK(model.at("plan").at("recommended").at("kv_cache_format") == "auto");
      sum += model.at("share").get<double>() +
             model.at("outside_gib").get<double>() / set.at("hardware").at("total_gib").get<double>();
    }
    CHECK(sum <= 1);
  }
}

TEST_CASE("a model folder of this machine is packed, whatever its name has in it", "[cli]") {
  const Cli cli;
  const std::string config = disk_files().read(VW_ROOT "/tests/data/checkpoints/tiny-llama/config.json").value();
  cli.put("odd:name/config.json", config);
  const Json set = json_of(cli, pack({"-m", "./odd:name,ctx=256,c=1", "-m", "./odd:name,ctx=256,c=1", "--gpu", "T4"}));
  CHECK(set.at("fits") == true);
  CHECK(set.at("models").at(1).at("name") == "odd-name-2");
}
