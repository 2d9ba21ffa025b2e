// What `diagnose` and `calibrate` print, whole: tests/data/transcripts/diagnose-*.txt, calibrate-*.txt.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"
#include "base/json_reader.hpp"

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

std::string log_file(const std::string& name) {
  return read_file(disk_files(), VW_ROOT "/tests/data/logs/" + name + ".log", name);
}

// The log lies in the working folder under its own name.
Ran diagnosed(const Cli& cli, const std::string& name, Words more = {}) {
  cli.put(name + ".log", log_file(name));
  Words words = {"diagnose", name + ".log", "--offline"};
  words.insert(words.end(), more.begin(), more.end());
  return cli.run(words);
}

void expect_diagnosis(const std::string& name, int exit_code, const Words& more = {}) {
  const Cli cli;
  const Ran ran = diagnosed(cli, name, more);
  CHECK(ran.exit_code == exit_code);
  Words words = {"diagnose", name + ".log", "--offline"};
  words.insert(words.end(), more.begin(), more.end());
  expect_golden("transcripts/diagnose-" + name + ".txt", transcript(cli, words, ran));
  for (std::size_t at = 0, end = 0; end != std::string::npos; at = end + 1) {
    end = ran.out.find('\n', at);
    const std::string line = ran.out.substr(at, end - at);
    const bool is_command = line.starts_with("     ");
    const bool is_one_word = line.find(' ', line.find_first_not_of(' ')) == std::string::npos;
    if (!is_command && !is_one_word) CHECK(line.size() <= 80);
  }
}

}  // namespace

TEST_CASE("a KV cache that is too small is mended by shorter contexts, fp8 and more cards", "[cli]") {
  expect_diagnosis("kv-cache-too-small", 0, {"--gpu", "RTX 4090", "--vram-gb", "23.52"});
}

TEST_CASE("two ranks of a compose service that run out of memory while loading have one cause", "[cli]") {
  expect_diagnosis("compose-two-ranks", 0);
}

TEST_CASE("a log of Kubernetes with arguments as a namespace is understood", "[cli]") {
  expect_diagnosis("kubernetes-v0.8.5", 0, {"--gpu", "RTX A5000"});
}

TEST_CASE("colours and carriage returns do not matter, and the sampler is told from what torch says first", "[cli]") {
  expect_diagnosis("colours-and-crlf", 0);
}

TEST_CASE("a server that started has no failure, and its numbers are shown", "[cli]") {
  expect_diagnosis("started", 1);
}

TEST_CASE("a log that was cut says where it ends", "[cli]") { expect_diagnosis("truncated", 1); }

TEST_CASE("the last start of a restart loop is explained", "[cli]") {
  expect_diagnosis("restart-loop", 0, {"--gpu", "RTX 4090", "--vram-gb", "23.52"});
}

TEST_CASE("a gated model is told with what helps, and without a plan", "[cli]") { expect_diagnosis("gated-model", 0); }

TEST_CASE("without a card the log's own numbers and the kinds of changes are told", "[cli]") {
  const Cli cli;
  cli.put("long.log",
          "INFO 10-02 07:10:01 [api_server.py:1896] vLLM API server version 0.10.2\n"
          "ValueError: User-specified max_model_len (200000) is greater than the derived max_model_len "
          "(max_position_embeddings=40960 or model_max_length=None in model's config.json).\n");
  expect_golden("transcripts/diagnose-no-card.txt",
                transcript(cli, {"diagnose", "kv-cache-too-small.log"}, diagnosed(cli, "kv-cache-too-small")) + "\n" +
                    transcripts(cli, {{"diagnose", "long.log", "--offline"}}, 0));
}

TEST_CASE("a diagnosis as JSON has the cause, what was short and mends with commands", "[cli]") {
  const Ran ran = diagnosed(Cli(), "kv-cache-too-small", {"--gpu", "RTX 4090", "--vram-gb", "23.52", "--json"});
  CHECK(ran.exit_code == 0);
  const Json json = parse_json(ran.out, "diagnose");
  CHECK(json.at("schema") == "vllm-wizard/diagnose/1");
  CHECK(json.at("failure").at("id") == "kv-cache-below-max-length");
  CHECK(json.at("failure").at("line") == 24);
  CHECK(json.at("failure").at("rank") == "EngineCore_DP0");
  CHECK(json.at("shortage").at("gib").get<double>() == Approx(10.79));
  REQUIRE_FALSE(json.at("mends").empty());
  for (const Json& mend : json.at("mends")) {
    const std::string command = mend.at("serve_command");
    CHECK(command.find("vllm serve meta-llama/Llama-3.1-8B-Instruct") != std::string::npos);
    CHECK(command.find("--served-model-name llama") != std::string::npos);
    CHECK(mend.at("budget").at("kv_cache_available_gib") >= mend.at("budget").at("kv_sequence_gib"));
  }
}

TEST_CASE("logs that cannot be read, or say nothing, are told apart", "[cli]") {
  const Cli cli;
  cli.put("empty.log", "");
  cli.put("binary.log", std::string("\x7f\x45\x4c\x46\x00\x01\x02\n\x00", 9));
  cli.put("packed.log", std::string("\x1f\x8b\x08\x00rest", 8));
  cli.put("other.log", "nginx: starting\nnginx: ready\n");
  expect_golden("transcripts/bad-logs.txt",
                transcripts(cli,
                            {{"diagnose", "missing.log"},
                             {"diagnose", "."},
                             {"diagnose", "empty.log"},
                             {"diagnose", "binary.log"},
                             {"diagnose", "packed.log"},
                             {"calibrate", "missing.log"}},
                            2) +
                    "\n" + transcripts(cli, {{"diagnose", "other.log"}, {"calibrate", "other.log"}}, 1));
}

TEST_CASE("what calibrate learns is used and named by later plans of that card, family and release", "[cli]") {
  const Cli cli;
  cli.put("started.log", log_file("started"));
  const Words plan = {"plan",
                      "-m",
                      "meta-llama/Llama-3.1-8B-Instruct",
                      "--gpu",
                      "H100 80GB",
                      "--vllm-version",
                      "0.27.1",
                      "--json",
                      "--gpu-memory-utilization",
                      "0.92",
                      "--max-model-len",
                      "131072",
                      "--offline",
                      "--max-num-seqs",
                      "1024",
                      "--max-num-batched-tokens",
                      "8192"};
  const Ran before = cli.run(plan);
  const Words calibrate = {"calibrate", "started.log", "--gpu", "H100 80GB", "--offline"};
  const Ran ran = cli.run(calibrate);
  CHECK(ran.exit_code == 0);
  const std::string written = cli.config_path("scripts/corrections/h100-sxm5-80gb-llama-0.27.0.lua");
  expect_golden("transcripts/calibrate-started.txt",
                transcript(cli, calibrate, ran) + "\n" + read_file(disk_files(), written, written));
  const Json corrected = parse_json(cli.run(plan).out, "plan").at("memory"),
             predicted = parse_json(before.out, "plan").at("memory");
  CHECK_FALSE(predicted.contains("correction"));
  CHECK(corrected.at("correction").at("id") == "h100-sxm5-80gb-llama-0.27.0");
  CHECK(corrected.at("per_gpu").at("kv_cache_available_gib").get<double>() == Approx(56.21).margin(0.02));
  CHECK(corrected.at("per_gpu").at("activation_gib").get<double>() == Approx(1.44).margin(0.01));
  const auto width = [](const Json& memory) {
    const Json& interval = memory.at("intervals").at("kv_cache_available");
    return interval.at("high").get<double>() - interval.at("low").get<double>();
  };
  CHECK(width(corrected) < 0.5 * width(predicted));
  CHECK(cli.run({"plan", "-m", "meta-llama/Llama-3.1-8B-Instruct", "--gpu", "H100 80GB", "--vllm-version", "0.27.1",
                 "--offline"})
            .out.find("memory: vllm, corrected by\n         h100-sxm5-80gb-llama-0.27.0") != std::string::npos);
  Words other = plan;
  other[2] = "google/gemma-3-27b-it";
  CHECK_FALSE(parse_json(cli.run(other).out, "plan").at("memory").contains("correction"));
}

TEST_CASE("nothing is learned of a card that the log is not of", "[cli]") {
  const Cli cli;
  const std::string started = log_file("started");
  cli.put("started.log", started);
  std::string absurd = started;
  const std::string memory = "Available KV cache memory: ";
  const std::size_t at = absurd.find(memory) + memory.size();
  absurd.replace(at, absurd.find(' ', at) - at, "999.00");
  cli.put("absurd.log", absurd);
  const Words calibrate = {"calibrate", "started.log", "--offline"};
  const auto with = [&](Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  expect_golden(
      "transcripts/bad-calibrations.txt",
      transcripts(
          cli,
          {calibrate, with(calibrate, {"--gpu", "l4"}), {"calibrate", "absurd.log", "--gpu", "H100 80GB", "--offline"}},
          2));
  CHECK_FALSE(disk_files().is_folder(cli.config_path("scripts")));
}

TEST_CASE("a correction that is there and differs is kept unless it may be replaced", "[cli]") {
  const Cli cli;
  cli.put("started.log", log_file("started"));
  const Words calibrate = {"calibrate", "started.log", "--gpu", "H100 80GB", "--offline"};
  const auto with = [&](const Words& more) {
    Words words = calibrate;
    words.insert(words.end(), more.begin(), more.end());
    return cli.run(words);
  };
  CHECK(with({"--dry-run"}).out.find("return vw.correction {") != std::string::npos);
  CHECK_FALSE(disk_files().read(cli.config_path("scripts/corrections/h100-sxm5-80gb-llama-0.27.0.lua")));
  CHECK(with({}).out.find("wrote ") != std::string::npos);
  CHECK(with({}).out.find(" has it already") != std::string::npos);
  cli.put_config("scripts/corrections/h100-sxm5-80gb-llama-0.27.0.lua", "-- mine\nreturn {}\n");
  const Ran kept = with({});
  CHECK(kept.exit_code == 2);
  CHECK(kept.err.find("exists and differs, expected a new file; nothing was written") != std::string::npos);
  CHECK(with({"--force"}).out.find("replaced ") != std::string::npos);
  CHECK(with({"--output", "corrections/ours.lua"}).exit_code == 0);
  CHECK(disk_files().read(cli.path("corrections/ours.lua"))->find("id = \"ours\"") != std::string::npos);
  CHECK(with({"--output", "ours.txt"}).exit_code == 2);
  const Ran classic = with({"--memory-model", "classic"});
  CHECK(classic.exit_code == 2);
  CHECK(classic.err ==
        "vllm-wizard: error: --memory-model: 'classic' reads no corrections, expected one that does\nhint: the memory "
        "model 'vllm' does\n");
}
