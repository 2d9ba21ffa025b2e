// `validate`: predictions against start-ups that were logged.
#include "support/golden.hpp"
#include "support/run_cli.hpp"
#include "support/shipped.hpp"

#include "base/files.hpp"
#include "base/json_reader.hpp"
#include "facts/release.hpp"

using namespace vw;
using namespace vw::test;

namespace {

const std::string startups = VW_ROOT "/tests/validation/startups.json";
const std::string models = VW_ROOT "/tests/validation/models";
const std::string baseline = VW_ROOT "/tests/validation/baseline.json";

// A memory model whose numbers can be followed by hand: 20 GiB of weights over the tensor-parallel group, 0.001 GiB a
// token, what is left of the budget is the KV cache.
const char* const by_hand = R"(
local gib = 2 ^ 30
return vw.memory_model {
  id = "by-hand", summary = "made for a test",
  prepare = function(settings) return { total = settings.gpus[1].memory_mib * 2 ^ 20 } end,
  estimate = function(context, candidate)
    local weights = 20 * gib / candidate.tensor_parallel
    local kv = math.max(0, context.total * candidate.utilization - weights)
    local sequence = candidate.context_tokens * gib / 1000
    return {
      verdict = kv >= sequence and "fits" or "does-not-fit", total_bytes = context.total,
      capacity_bytes = context.total * candidate.utilization, weights_bytes = weights, kv_available_bytes = kv,
      kv_available_low_bytes = kv * 0.9, kv_available_high_bytes = kv * 1.1, kv_required_bytes = sequence,
      kv_sequence_bytes = sequence, kv_per_token_bytes = gib / 1000, kv_tokens = kv / gib * 1000,
      max_concurrency = kv / sequence, max_context_tokens = kv / gib * 1000,
    }
  end,
}
)";

const char* const rows = R"({"startups_version": 1, "startups": [
{"id": "two-cards", "source": "org/logs", "checkpoint": "Qwen/Qwen3-8B", "context_tokens": 8192, "gpu": "A100 40GB",
 "gpu_total_gib": 40, "gpus": 2, "tensor_parallel": 2, "vllm_version": "0.14.0", "gpu_memory_utilization": 0.5,
 "started": true, "logged": {"model_loading_gib": 8, "available_kv_gib": 10.5, "kv_cache_tokens": 12500,
 "max_concurrency": 1.25}},
{"id": "refused", "source": "org/logs#7", "checkpoint": "Qwen/Qwen3-8B", "context_tokens": 32768, "gpu": "A100 40GB",
 "gpu_total_gib": 40, "gpus": 1, "vllm_version": "0.14.0", "gpu_memory_utilization": 0.9, "started": false,
 "logged": {"available_kv_gib": 15, "estimated_max_model_len": 15000}},
{"id": "unknown-card", "source": "org/logs#8", "checkpoint": "Qwen/Qwen3-8B", "gpu": "Abacus", "gpus": 1,
 "vllm_version": "0.14.0", "started": true},
{"id": "old", "source": "org/logs#9", "skip": "the V0 engine", "started": true}
]}
)";

void put_rows(const Cli& cli) {
  cli.put("scripts/memory/by-hand.lua", by_hand);
  cli.put("startups.json", rows);
  cli.put("strict.json", R"({"tolerance_ratio": 0.1, "statistics": {"weights_error_median_percent": 20}})");
  cli.put("loose.json", R"({"tolerance_ratio": 0.1, "statistics": {"weights_error_median_percent": 25}})");
}

// The table of the newest release as the plugin reads it.
Json newest_release() {
  const auto& catalog = test::shipped().catalog();
  return find_release(catalog, "").json;
}

std::vector<std::string> validating(std::vector<std::string> more) {
  std::vector<std::string> words = {"validate", "startups.json",  "--script-dir",
                                    "scripts",  "--memory-model", "by-hand"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

}  // namespace

TEST_CASE("validate shows prediction beside log, and the statistics", "[cli]") {
  const Cli cli;
  put_rows(cli);
  expect_golden("transcripts/validate.txt",
                transcripts(cli,
                            {validating({}), validating({"--compare", "classic", "--baseline", "loose.json"}),
                             validating({"--json"})},
                            0));
}

TEST_CASE("validate says how many rows wait for the config of their model", "[cli]") {
  const Cli cli;
  put_rows(cli);
  const auto row = [](const std::string& id) {
    return R"({"id": ")" + id + R"(", "source": "org/logs", "checkpoint": "nobody/)" + id +
           R"(", "context_tokens": 8192, "gpu": "A100 40GB", "gpus": 1, "vllm_version": "0.14.0", "started": true})";
  };
  const std::string head = R"({"startups_version": 1, "startups": [)";
  cli.put("startups.json", head + row("one") + "]}");
  CHECK(cli.run(validating({}))
            .out.find("\n1 row not judged because its model is unknown;\n--models DIR gives the "
                      "config.json of each\n") != std::string::npos);
  cli.put("startups.json", head + row("one") + "," + row("two") + "]}");
  CHECK(cli.run(validating({}))
            .out.find("\n2 rows not judged because their models are unknown;\n--models DIR gives "
                      "the config.json of each\n") != std::string::npos);
}

TEST_CASE("a statistic that is worse than the baseline ends with 1", "[cli]") {
  const Cli cli;
  put_rows(cli);
  const Ran ran = cli.run(validating({"--baseline", "strict.json"}));
  CHECK(ran.exit_code == 1);
  CHECK(ran.err == "vllm-wizard: weights_error_median_percent is 25.000 %, the baseline allows 22.005 %\n");
}

TEST_CASE("files that validate cannot read are told with file and line", "[cli]") {
  const Cli cli;
  put_rows(cli);
  cli.put("broken.jsonl", "{\"id\": \"one\", \"model\": \"m\"}\n{\"id\": \"two\",\n");
  cli.put("misspelt.json",
          "{\"startups_version\": 1, \"startups\": [{\"id\": \"a\", \"source\": \"b\", \"gpu_nam\": 1}]}\n");
  cli.put("twice.jsonl", "{\"id\": \"one\", \"complete\": false}\n{\"id\": \"one\", \"complete\": false}\n");
  cli.put("empty.json", "");
  expect_golden("transcripts/bad-startups.txt", transcripts(cli,
                                                            {{"validate"},
                                                             {"validate", "missing.json"},
                                                             {"validate", "broken.jsonl"},
                                                             {"validate", "misspelt.json"},
                                                             {"validate", "twice.jsonl"},
                                                             {"validate", "empty.json"},
                                                             {"validate", "startups.json", "--models", "nowhere"},
                                                             {"validate", "startups.json", "--memory-model", "clasic"},
                                                             {"validate", "startups.json", "--compare", "clasic"},
                                                             {"validate", "startups.json", "--baseline", "nowhere"}},
                                                            2));
}

TEST_CASE("the memory model is as good as its baseline", "[cli]") {
  const std::vector<std::string> words = {"validate", startups, "--models", models, "--offline"};
  if (std::getenv("VW_UPDATE_GOLDEN") != nullptr) {
    std::vector<std::string> measuring = words;
    measuring.insert(measuring.end(), {"--leave-one-out", "--json"});
    const Json measured = parse_json(Cli().run(measuring).out, "validate --json");
    Json renewed = {{"tolerance_ratio", 0.02}, {"memory_model", "vllm"}};
    renewed["statistics"] = measured.at("summary").at("statistics");
    renewed["left_out"] = measured.at("summary").at("left_out").at("statistics");
    std::ofstream(baseline, std::ios::binary) << to_pretty_text(renewed);
  }
  std::vector<std::string> holding = words;
  holding.insert(holding.end(), {"--baseline", baseline});
  const Ran ran = Cli().run(holding);
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
}

TEST_CASE("the performance heuristic is as good as its baseline", "[cli]") {
  const std::string servers = VW_ROOT "/tests/validation/servers.json",
                    held = VW_ROOT "/tests/validation/servers_baseline.json";
  const std::vector<std::string> words = {"validate", servers, "--offline"};
  if (std::getenv("VW_UPDATE_GOLDEN") != nullptr) {
    std::vector<std::string> measuring = words;
    measuring.push_back("--json");
    const Json measured = parse_json(Cli().run(measuring).out, "validate --json");
    Json renewed = {{"tolerance_ratio", 0.02}};
    renewed["statistics"] = measured.at("summary").at("statistics");
    std::ofstream(held, std::ios::binary) << to_pretty_text(renewed);
  }
  std::vector<std::string> holding = words;
  holding.insert(holding.end(), {"--baseline", held});
  const Ran ran = Cli().run(holding);
  CHECK(ran.err == "");
  CHECK(ran.exit_code == 0);
}

TEST_CASE("margins of intervals are those that the committed start-ups ask for", "[cli]") {
  const Ran ran = Cli().run({"validate", startups, "--models", models, "--leave-one-out", "--json", "--offline"});
  const Json asked = parse_json(ran.out, "validate --json").at("summary").at("left_out");
  const Json margin = newest_release().at("memory").at("margin");
  for (const auto& [group, gib_asked] : asked.at("kv_cache_margins_gib").items()) {
    INFO("scripts/releases/_memory.lua, margin.kv_cache_gib." << group << ": " << gib_asked);
    CHECK(std::abs(margin.at("kv_cache_gib").at(group).get<double>() - gib_asked.get<double>()) < 0.02);
  }
  for (const auto& [group, percent] : asked.at("weights_margins_percent").items()) {
    INFO("scripts/releases/_memory.lua, margin.weights." << group << ": " << percent);
    CHECK(std::abs(100 * margin.at("weights").at(group).get<double>() - percent.get<double>()) < 0.1);
  }
}

TEST_CASE("every row of the committed start-ups is scored or has its reason in the file", "[cli]") {
  const Ran ran =
      Cli().run({"validate", startups, "--models", models, "--memory-model", "classic", "--offline", "--json"});
  REQUIRE(ran.exit_code == 0);
  const Json printed = parse_json(ran.out, "validate --json");
  const Json file = parse_json(read_file(disk_files(), startups, startups), startups);
  std::size_t skipped = 0;
  for (const Json& row : file.at("startups")) skipped += row.contains("skip") ? 1 : 0;
  CHECK(printed.at("skipped").size() == skipped);
}
