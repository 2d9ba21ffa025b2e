// sweep and size: what they print, refuse and write.
#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "support/catch.hpp"
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include <fmt/format.h>

#include <algorithm>

using namespace vw;
using test::Cli;
using test::Ran;

namespace {

std::vector<std::string> with(const std::string& command, const std::vector<std::string>& words) {
  std::vector<std::string> all = {command, "-m", "Qwen/Qwen3-8B", "--offline", "--perf-model", "classic"};
  all.insert(all.end(), words.begin(), words.end());
  return all;
}

std::size_t lines_of(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("a sweep lists the best rows, and the rows that do not fit last", "[cli]") {
  const Cli cli;
  test::expect_golden(
      "transcripts/sweep.txt",
      test::transcripts(
          cli,
          {with("sweep",
                {"--gpu", "L40S,rtx-4090,t4", "-c", "1,16", "-q", "none,fp8", "--tp", "1,2", "--sort", "tpot"}),
           with("sweep", {"--gpu", "L40S,h100-sxm5-80gb", "--max-model-len", "8k,32k", "-c", "4", "--fits", "--top",
                          "3", "--sort", "cost"}),
           with("sweep", {"--gpu", "L40S", "--vllm-version", "0.11.0,0.28.0", "--tp", "1", "--format", "csv"}),
           with("sweep", {"--gpu", "L40S", "--tp", "1", "--format", "jsonl"}),
           with("sweep",
                {"--gpu", "L40S", "--tp", "1", "--prompt-tokens", "512,64k", "--max-model-len", "8192", "--json"})},
          0));
}

TEST_CASE("a sweep of which nothing fits, or passes, ends with 1", "[cli]") {
  const Cli cli;
  test::expect_golden("transcripts/sweep-nothing.txt",
                      test::transcripts(cli,
                                        {with("sweep", {"--gpu", "t4", "--tp", "1"}),
                                         with("sweep", {"--gpu", "L40S", "--tp", "1", "--max-tpot-ms", "0.1"}),
                                         with("sweep", {"--gpu", "t4", "--tp", "1", "--all", "--fits"})},
                                        1));
}

TEST_CASE("a target is met by the cheapest plan, the one of fewest gpus and the fastest", "[cli]") {
  const Cli cli;
  const std::string prices =
      cli.put("prices.json", R"({"usd_per_hour": {"rtx-4090": 0.4, "L40S": 1.1}, "source": "an offer"})");
  test::expect_golden(
      "transcripts/size.txt",
      test::transcripts(
          cli,
          {with("size", {"--gpu", "L40S,rtx-4090,a100-80gb", "-c", "32", "--max-tpot-ms", "25"}),
           with("size", {"--gpu", "L40S,rtx-4090", "-c", "32", "--max-tpot-ms", "25", "--prices", prices}),
           with("size", {"--gpu", "L40S", "-c", "4", "--json"})},
          0));
}

TEST_CASE("a target that nothing meets ends with 1 and the nearest miss", "[cli]") {
  const Cli cli;
  test::expect_golden("transcripts/size-nothing.txt",
                      test::transcripts(cli,
                                        {with("size", {"--gpu", "L40S,t4", "-c", "32", "--max-tpot-ms", "1"}),
                                         with("size", {"--gpu", "L40S", "-c", "32", "--max-usd-per-hour", "0.5"}),
                                         with("size", {"--gpu", "t4", "--tp", "1", "-c", "1"})},
                                        1));
}

TEST_CASE("limits hold for the percentile that was asked for", "[cli]") {
  const Cli cli;
  const auto replayed = [](const std::vector<std::string>& words) {
    std::vector<std::string> all = {"size",         "-m",  "Qwen/Qwen3-8B", "--offline", "--gpu", "L40S,h100-sxm5-80gb",
                                    "--gen-tokens", "128", "--limits-at",   "p99"};
    all.insert(all.end(), words.begin(), words.end());
    return all;
  };
  test::expect_golden("transcripts/size-percentiles.txt",
                      test::transcripts(cli,
                                        {replayed({"-c", "32", "--max-ttft-ms", "500"}),
                                         replayed({"--target-request-rate", "10", "--max-tpot-ms", "15"})},
                                        0));
  test::expect_golden("transcripts/size-percentiles-nothing.txt",
                      test::transcripts(cli,
                                        {replayed({"-c", "32", "--max-tpot-ms", "6", "--tp", "1"}),
                                         replayed({"--target-request-rate", "20", "--max-ttft-ms", "45", "--tp", "1"})},
                                        1));
  const auto one = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = replayed({"-c", "32", "--max-ttft-ms", "500", "--json", "--seed", "3"});
    all.insert(all.end(), more.begin(), more.end());
    return cli.run(all).out;
  };
  CHECK(one({"--threads", "1"}) == one({"--threads", "4"}));
}

TEST_CASE("what a server is said to do at a percentile is what plan --simulate says of it", "[cli]") {
  const Cli cli;
  for (const std::vector<std::string>& load :
       {std::vector<std::string>{"-c", "40"}, std::vector<std::string>{"--target-request-rate", "9"}}) {
    std::vector<std::string> words = {"size",   "-m", "Qwen/Qwen3-8B", "--offline", "--gpu", "L40S",
                                      "--seed", "5",  "--json"};
    words.insert(words.end(), load.begin(), load.end());
    const Json plan = Json::parse(cli.run(words).out).at("plans").at(0);
    std::vector<std::string> again = split(plan.at("command").get<std::string>(), ' ');
    again.erase(again.begin());
    for (const char* word : {"--simulate", "--seed", "5", "--json"}) again.emplace_back(word);
    if (load.front() != "-c") {
      again.emplace_back("--request-rate");
      again.push_back(fmt::format("{}", 9.0 / plan.at("replicas").get<double>()));
    }
    CHECK(Json::parse(cli.run(again).out).at("performance").at("simulated") == plan.at("simulated"));
  }
}

TEST_CASE("a search that is interrupted leaves no part of its file", "[cli]") {
  const Cli cli;
  std::vector<std::string> words = {"/usr/bin/timeout", "--preserve-status", "--signal=INT", "0.5"};
  for (const std::string& word : cli.command({"sweep",
                                              "-m",
                                              "Qwen/Qwen3-8B",
                                              "--offline",
                                              "--gpu",
                                              "all",
                                              "--quantization",
                                              "all",
                                              "--max-model-len",
                                              "all",
                                              "--tp",
                                              "all",
                                              "-c",
                                              "all",
                                              "--vllm-version",
                                              "all",
                                              "--prompt-tokens",
                                              "all",
                                              "--all",
                                              "--output",
                                              "rows.csv",
                                              "--format",
                                              "csv"}))
    words.push_back(word);
  const ProcessResult ended = run_process(words, 60);
  INFO(ended.errors);
  CHECK(ended.exit_code == 130);
  CHECK(disk_files().list(cli.path()) == std::vector<std::string>{".keep"});
}

TEST_CASE("what a search cannot take is refused by name", "[cli]") {
  const Cli cli;
  const std::string unknown = cli.put("unknown.json", R"({"usd_per_hour": {"L40SX": 1}})");
  const std::string misspelt = cli.put("misspelt.json", R"({"usd_per_hours": {"L40S": 1}})");
  test::expect_golden(
      "transcripts/bad-searches.txt",
      test::transcripts(cli,
                        {{"sweep"},
                         with("sweep", {"--gpu", "L40S,nonesuch"}),
                         with("sweep", {"--gpu", "L40S,,t4"}),
                         with("sweep", {"--gpu", "L40S,all"}),
                         with("sweep", {"--gpu", "L40S", "--tp", "1,two"}),
                         with("sweep", {"--gpu", "L40S", "--tp", "3,5"}),
                         with("sweep", {"--gpu", "L40S", "-c", "0"}),
                         with("sweep", {"--gpu", "L40S", "-q", "fp9"}),
                         with("sweep", {"--gpu", "L40S", "--kv-cache-dtype", "awq"}),
                         with("sweep", {"--gpu", "L40S", "--vllm-version", "0.1"}),
                         with("sweep", {"--gpu", "L40S", "--max-model-len", "8k,long"}),
                         with("sweep", {"--gpu", "L40S", "--sort", "speed"}),
                         with("sweep", {"--gpu", "L40S", "--pareto", "costs"}),
                         with("sweep", {"--gpu", "L40S", "--format", "xml"}),
                         with("sweep", {"--gpu", "L40S", "--all", "--json"}),
                         with("sweep", {"--gpu", "L40S", "--all", "--svg", "picture.svg"}),
                         with("sweep", {"--gpu", "L40S", "--json", "--format", "csv"}),
                         with("sweep", {"--gpu", "L40S", "--target-latency-ms", "10"}),
                         with("size", {"--gpu", "L40S,t4", "--vram-gb", "80"}),
                         with("plan", {"--gpu", "L40S", "--seed", "1"}),
                         with("sweep", {"--gpu", "L40S", "--top", "0"}),
                         with("sweep", {"--gpu", "L40S", "--max-tpot-ms", "-1"}),
                         with("sweep", {"--gpu", "L40S", "--prices", unknown}),
                         with("sweep", {"--gpu", "L40S", "--prices", misspelt}),
                         with("sweep", {"--gpu", "L40S", "--prices", "missing.json"}),
                         with("sweep", {"--gpu", "L40S", "--all", "--output", "no/such/folder.csv"}),
                         with("sweep", {"--gpu", "L40S", "--svg", "no/such/folder.svg"}),
                         with("sweep", {"--gpu", "L40S", "--prompt-tokens", "50k,60k"}),
                         with("size", {"--gpu", "L40S", "--max-model-len", "8k", "--prompt-tokens", "9k"}),
                         with("size", {"--gpu", "L40S", "-c", "1,2"}),
                         with("size", {"--gpu", "L40S", "-c", "4", "--target-request-rate", "1"}),
                         with("size", {"--gpu", "L40S", "--target-request-rate", "0"}),
                         with("size", {"--gpu", "L40S", "--target-request-rate", "2"}),
                         with("size", {"--gpu", "L40S", "--prompt-tokens", "1k,2k"}),
                         with("size", {"--gpu", "L40S", "--limits-at", "p98"}),
                         with("size", {"--gpu", "L40S", "--limits-at", "p99"}),
                         with("size", {"--gpu", "L40S", "--limits-at", "p99", "--max-tpot-ms", "50"}),
                         with("size", {"--gpu", "L40S", "--target-request-rate", "1e7"}),
                         with("size", {"--gpu", "L40S", "--fits"})},
                        2));
}

TEST_CASE("every row is streamed, and a file has them all", "[cli]") {
  const Cli cli;
  const auto words = [](const std::vector<std::string>& more) {
    std::vector<std::string> all = with("sweep", {"--gpu", "L40S,t4", "-c", "all", "--tp", "1,2", "--all"});
    all.insert(all.end(), more.begin(), more.end());
    return all;
  };
  constexpr std::size_t rows = 2 * 2 * 12;
  const Ran csv = cli.run(words({}));
  CHECK(lines_of(csv.out) == rows + 1);
  CHECK(cli.run(words({"--threads", "1"})).out == csv.out);
  CHECK(cli.run(words({"--threads", "4"})).out == csv.out);
  const Ran file = cli.run(words({"--output", "rows.csv"}));
  CHECK(file.out.empty());
  CHECK(read_file(disk_files(), cli.path("rows.csv"), "rows.csv") == csv.out);
  CHECK(disk_files().list(cli.path()) == std::vector<std::string>{".keep", "rows.csv"});
  CHECK(lines_of(cli.run(words({"--format", "jsonl"})).out) == rows);
}

TEST_CASE("a row's plan command plans what the row says", "[cli]") {
  const Cli cli;
  const Json sized = Json::parse(cli.run(with("size", {"--gpu", "L40S", "-c", "24", "-q", "fp8", "--json"})).out);
  const Json& plan = sized.at("plans").at(0);
  std::vector<std::string> words = split(plan.at("command").get<std::string>(), ' ');
  REQUIRE(words.front() == "vllm-wizard");
  words.erase(words.begin());
  words.emplace_back("--json");
  const Ran ran = cli.run(words);
  REQUIRE(ran.exit_code == 0);
  const Json planned = Json::parse(ran.out);
  const Json& row = plan.at("replica");
  CHECK(planned.at("performance").at("tpot_ms") == row.at("tpot_ms"));
  CHECK(planned.at("performance").at("ttft_ms") == row.at("ttft_ms"));
  CHECK(planned.at("feasibility").at("weights_gb") == row.at("weights_gb"));
  CHECK(planned.at("feasibility").at("kv_cache_gb") == row.at("kv_cache_gb"));
  for (const char* key : {"max_model_len", "max_num_seqs", "max_num_batched_tokens", "kv_cache_dtype",
                          "tensor_parallel_size", "gpu_memory_utilization"})
    CHECK(planned.at("config").at(key) == row.at(key));
}

TEST_CASE("a picture is written beside the table", "[cli]") {
  const Cli cli;
  const Ran ran =
      cli.run(with("sweep", {"--gpu", "L40S,a100-80gb", "--tp", "1", "--pareto", "cost", "--svg", "p.svg"}));
  CHECK(ran.exit_code == 0);
  const std::string svg = read_file(disk_files(), cli.path("p.svg"), "p.svg");
  CHECK_THAT(svg, StartsWith("<svg xmlns="));
  CHECK_THAT(svg, ContainsSubstring("Qwen/Qwen3-8B"));
}
