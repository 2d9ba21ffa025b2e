// A user's scripts and plugin at work, none of them compiled into the program.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"
#include "base/json_reader.hpp"

#include <algorithm>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;
const std::string scripts = VW_ROOT "/tests/data/user-scripts";
const std::string plugins = VW_BINARY_DIR "/example-plugins";

Words with_extensions(Words words) {
  words.insert(words.end(), {"-m", "lab/decoder-1b", "-q", "lab-4bit", "--memory-model", "weights-only", "--script-dir",
                             scripts, "--plugin-dir", plugins});
  return words;
}

std::vector<std::string> part_ids(const Json& plan) {
  std::vector<std::string> ids;
  for (const Json& part : plan.at("parts")) ids.push_back(part.at("id"));
  return ids;
}

bool holds(const std::vector<std::string>& ids, const std::string& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

TEST_CASE("one plan uses a user's source, family, format, detector, card and plugin", "[cli]") {
  const Ran ran = Cli().run(with_extensions({"plan", "--json", "--tp", "2"}));
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const Json plan = parse_json(ran.out, "plan");
  for (const char* id : {"lab-registry", "lab-decoder", "weights-only"}) CHECK(holds(part_ids(plan), id));
  CHECK(plan.at("hardware").at("gpu_id") == "lab-64");
  CHECK(plan.at("hardware").at("gpus") == 2);
  CHECK(plan.at("hardware").at("detected") == true);
  CHECK(plan.at("hardware").at("interconnect") == "nvlink");
  CHECK(plan.at("model").at("source") == "lab-registry");
  CHECK(plan.at("config").at("quantization") == "lab-4bit");
  CHECK(plan.at("config").at("tensor_parallel_size") == 2);
  CHECK(plan.at("memory").at("model") == "weights-only");
}

TEST_CASE("a user's format changes the bytes of each parameter", "[cli]") {
  const auto weights_of = [](const Words& words) {
    const Ran ran = Cli().run(words);
    return parse_json(ran.out, "plan").at("feasibility").at("weights_gb").get<double>() * 1073741824.0;
  };
  const Words words = {"plan",  "--json",         "-m",      "lab/decoder-1b", "--script-dir",
                       scripts, "--memory-model", "classic", "--params-b",     "2"};
  Words quantized = words;
  quantized.insert(quantized.end(), {"-q", "lab-4bit"});
  CHECK(weights_of(words) == 4e9);
  CHECK(weights_of(quantized) == 1e9);
}

TEST_CASE("one generate writes a user's artifact beside ours", "[cli]") {
  const Cli cli;
  const Ran ran = cli.run(with_extensions({"generate", "-o", "out", "--tp", "2", "--emit", "lab-unit,command"}));
  CHECK(ran.exit_code == 0);
  expect_golden("transcripts/extensions-generate.txt", transcript(cli, with_extensions({"generate"}), ran));
  const auto unit = disk_files().read(cli.path("out/lab.service"));
  REQUIRE(unit);
  CHECK(unit->find("ExecStart=/usr/bin/env \"vllm\" \"serve\" \"lab/decoder-1b\"") != std::string::npos);
  CHECK(unit->find("\"--tensor-parallel-size\" \"2\"") != std::string::npos);
  CHECK(disk_files().read(cli.path("out/serve_command.sh")));
}

TEST_CASE("extensions are found in the user's folder and in VLLM_WIZARD_PATH, too", "[cli]") {
  const auto gpu_script = *disk_files().read(scripts + "/gpus/lab-64.lua");
  Cli home;
  home.put_config("scripts/gpus/lab-64.lua", gpu_script);
  CHECK(home.run({"gpus", "lab-64"}).exit_code == 0);
  Cli variable;
  variable.put("mine/scripts/gpus/lab-64.lua", gpu_script);
  variable.set("VLLM_WIZARD_PATH", "/nowhere:" + variable.path("mine"));
  CHECK(variable.run({"gpus", "lab-64"}).exit_code == 0);
  Cli here;
  here.put("scripts/gpus/lab-64.lua", gpu_script);
  here.put("gpus/lab-64.lua", gpu_script);
  CHECK(here.run({"gpus", "lab-64"}).exit_code == 1);
}

TEST_CASE("a user's gpu-db adds cards", "[cli]") {
  const Cli cli;
  cli.put("db/lab.json",
          R"({"gpus": [{"id": "lab-7", "name": "Lab Seven 7GB", "product": "Lab Seven", "vendor": "nvidia",
    "architecture": "ada", "compute_capability": 8.9, "memory_mib": 7168, "vllm": "supported",
    "sources": ["invented"]}]})");
  const Ran ran = cli.run(
      {"plan", "-m", VW_ROOT "/tests/data/checkpoints/tiny-llama", "--gpu", "lab seven", "--gpu-db", "db", "--json"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  CHECK(parse_json(ran.out, "plan").at("hardware").at("vram_mib") == 7168);
}

TEST_CASE("a broken script of the user's is a warning for plans that do not need it", "[cli]") {
  Cli cli;
  cli.put_config("scripts/gpus/broken.lua", "return vw.gpu { id = 'broken' }\n");
  cli.put_config("scripts/renderers/stray.lua", "return 7\n");
  const Words plan = {"plan", "-m", VW_ROOT "/tests/data/checkpoints/tiny-llama", "--gpu", "T4"};
  const Ran ran = cli.run(plan);
  CHECK(ran.exit_code == 0);
  expect_golden("transcripts/extensions-broken.txt", transcript(cli, plan, {ran.exit_code, "", ran.err}));
  Words quiet = plan;
  quiet.push_back("--quiet");
  CHECK(cli.run(quiet).err.empty());
}
