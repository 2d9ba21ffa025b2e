// The commands that list what is known.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/json_reader.hpp"

using namespace vw;
using namespace vw::test;

namespace {

Json listed(const std::vector<std::string>& words) {
  const Ran ran = Cli().run(words);
  CHECK(ran.exit_code == 0);
  CHECK(ran.err.empty());
  return parse_json(ran.out, words.front());
}

}  // namespace

TEST_CASE("gpus, models and quantizations take a filter", "[cli]") {
  expect_golden("transcripts/lists.txt", transcripts(Cli(),
                                                     {{"gpus", "h100"},
                                                      {"gpus", "RTX 40"},
                                                      {"gpus", "a30 mig"},
                                                      {"gpus", "mig-3g.71gb"},
                                                      {"gpus", "strix"},
                                                      {"models", "qwen3-next"},
                                                      {"quantizations", "nvfp4"}},
                                                     0));
}

TEST_CASE("a filter that fits nothing says so and ends with 1", "[cli]") {
  expect_golden("transcripts/lists-empty.txt", transcripts(Cli(),
                                                           {{"gpus", "abacus"},
                                                            {"models", "abacus"},
                                                            {"quantizations", "abacus"},
                                                            {"parts", "abacus"},
                                                            {"gpus", "abacus", "--json"}},
                                                           1));
}

TEST_CASE("lists in JSON carry every field", "[cli]") {
  const Json gpus = listed({"gpus", "RTX 4090", "--json"});
  REQUIRE(gpus.size() >= 1);
  CHECK(gpus[0].at("id") == "rtx-4090");
  CHECK(gpus[0].at("memory_mib") == 24576);
  const Json formats = listed({"quantizations", "--json"});
  CHECK(formats.size() > 20);
  for (const Json& format : formats) CHECK(format.at("summary").is_string());
  const Json models = listed({"models", "--json"});
  CHECK(models.size() > 100);
  for (const Json& model : models) CHECK(model.at("id").is_string());
}

TEST_CASE("parts says where everything comes from, loaded whole", "[cli]") {
  const Json parts = listed({"parts", "--json"});
  for (const Json& part : parts) {
    INFO(to_text(part));
    CHECK(part.at("state") == "used");
    CHECK(part.at("origin") == "installed");
    CHECK(part.at("refusal").is_null());
  }
  expect_golden("transcripts/parts.txt", transcripts(Cli(), {{"parts", "memory-model"}, {"parts", "gpu-detector"}}, 0));
}

TEST_CASE("parts shows who shadows whom and why something was refused", "[cli]") {
  Cli cli;
  cli.put_config(
      "scripts/quantization/awq.lua",
      "return vw.quantization { id = 'awq', summary = 'my awq', sources = { 'mine' }, vllm_names = { 'awq' },\n"
      "  weights = { bits = 4 }, applies_to = 'linears', from_16_bit = false, compute = 'int4_weight_only' }\n");
  cli.put("given/quantization/awq.lua", "return vw.quantization { id = 'awq', summari = 'mine' }\n");
  expect_golden(
      "transcripts/parts-shadowed.txt",
      transcripts(cli, {{"parts", "quantization awq"}, {"parts", "quantization awq", "--script-dir", "given"}}, 0));
}
