// Scripts and plugins that misbehave while a plan uses them: blamed by name, exit code 2.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include <filesystem>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;
const std::string model = VW_ROOT "/tests/data/checkpoints/tiny-llama";

// The message when `plan` is to use this memory model.
std::string refused_model(const std::string& estimate) {
  const Cli cli;
  cli.put("scripts/memory/mine.lua",
          "local function estimate(context, candidate)\n" + estimate +
              "\nend\nreturn vw.memory_model { id = 'mine', summary = 'made for a test', estimate = estimate }\n");
  const Ran ran = cli.run({"plan", "-m", model, "--gpu", "T4", "--memory-model", "mine", "--script-dir", "scripts"});
  CHECK(ran.exit_code == 2);
  CHECK(ran.out.empty());
  return ran.err + "\n";
}

}  // namespace

TEST_CASE("a memory model that throws, loops, eats memory or answers nonsense is blamed by name", "[cli]") {
  std::string text;
  for (const char* estimate :
       {"  error('no idea')", "  return nil + 1", "  while true do end",
        "  local hog = {} while true do hog[#hog + 1] = ('x'):rep(1000000) end",
        "  while true do pcall(function() while true do end end) end", "  return nil", "  return 7",
        "  return { verdict = 'maybe' }", "  return { verdict = 'fits', weight_bytes = 1 }",
        "  return { verdict = 'fits', weights_bytes = 0/0 }", "  return { verdict = 'fits', weights_bytes = -1 }",
        "  return { verdict = 'fits', weights_bytes = 'heavy' }",
        "  return { verdict = 'does-not-fit', reason = 'bad luck' }"})
    text += std::string(estimate) + "\n" + refused_model(estimate);
  expect_golden("transcripts/bad-memory-models.txt", text);
}

TEST_CASE("a family, source, detector or artifact that misbehaves is blamed by name", "[cli]") {
  const Cli cli;
  cli.put(
      "scripts/families/mine.lua",
      "return vw.family { id = 'mine', summary = 'made for a test', sources = { 'me' }, architectures = { 'Mine' },\n"
      "  reduce = function(config) return { family = 'mine', hidden_size = config.missing.key } end }\n");
  cli.put("scripts/sources/mine.lua",
          "return vw.source { id = 'mine', summary = 'made for a test', ask = function() return { id = 'x' } end }\n");
  cli.put("scripts/detectors/mine.lua",
          "return vw.detector { id = 'mine', summary = 'made for a test', ask = function() return { status = 'fine' } "
          "end }\n");
  cli.put("scripts/renderers/mine.lua",
          "return vw.renderer { id = 'mine', summary = 'made for a test',\n"
          "  render = function() return { file = '../escape', format = 'text', data = '' } end }\n");
  cli.put("scripts/renderers/deep.lua",
          "return vw.renderer { id = 'deep', summary = 'made for a test',\n"
          "  render = function() local t = {} t.t = t return { file = 'x', format = 'json', data = t } end }\n");
  const auto with = [](Words words) {
    words.insert(words.end(), {"--script-dir", "scripts"});
    return words;
  };
  expect_golden(
      "transcripts/bad-parts.txt",
      transcripts(
          cli,
          {with({"plan", "-m", model, "--gpu", "T4", "--family", "mine"}),
           with({"plan", "-m", "x", "--gpu", "T4", "--source", "mine"}),
           with({"plan", "-m", model, "--detector", "mine"}),
           with({"generate", "-m", model, "--gpu", "T4", "--source", "local-files", "-o", "out", "--emit", "mine"}),
           with({"generate", "-m", model, "--gpu", "T4", "--source", "local-files", "-o", "out", "--emit", "deep"})},
          2));
}

TEST_CASE("a family that answers what is no normal form is blamed by name and path", "[cli]") {
  const std::string family = read_golden("user-scripts/families/lab-decoder.lua");
  const auto refused = [&](const std::string& from, const std::string& to) {
    std::string changed = family;
    REQUIRE(changed.find(from) != std::string::npos);
    changed.replace(changed.find(from), from.size(), to);
    const Cli cli;
    cli.put("scripts/families/lab-decoder.lua", changed);
    const Ran ran = cli.run({"plan", "-m", model, "--gpu", "T4", "--family", "lab-decoder", "--script-dir", "scripts"});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    return from + " -> " + to + "\n" + ran.err + "\n";
  };
  expect_golden("transcripts/bad-families.txt",
                refused("hidden, \"kv-heads\", weights", "hidden, \"kv-head\", weights") +
                    refused("kind = \"full\"", "kind = \"ful\"") + refused("kind = \"dense\"", "kind = \"sparse\"") +
                    refused("role = \"target\"", "role = \"main\"") +
                    refused("layers[index] = index - 1", "layers[index] = 0") +
                    refused("stored_as = \"bf16\"", "stored_as = \"bf61\"") + refused("copies = 2", "copies = -2") +
                    refused("layers = config.num_hidden_layers,", "layers = 0 / 0,") +
                    refused("towers = vw.list {},", "towers = 3,"));
}

TEST_CASE("a script that was refused says why when it is asked for", "[cli]") {
  const Cli cli;
  cli.put("scripts/memory/mine.lua", "return vw.memory_model { id = 'mine', sumary = 'misspelt', estimate = print }\n");
  cli.put("scripts/quantization/mine.lua", "return vw.quantization { id = 'mine'\n");
  expect_golden("transcripts/bad-refused.txt",
                transcripts(cli,
                            {{"plan", "-m", model, "--gpu", "T4", "--script-dir", "scripts", "--memory-model", "mine"},
                             {"plan", "-m", model, "--gpu", "T4", "--script-dir", "scripts", "-q", "mine"}},
                            2));
}

TEST_CASE("plugins that cannot be used are refused with the reason", "[cli]") {
  const Cli cli;
  std::string text;
  for (const char* name : {"wrong-major", "newer-minor", "no-symbol", "no-parts", "null-id", "duplicate-id",
                           "unknown-kind", "not-a-shared-object"}) {
    const Ran ran = cli.run({"check", std::string(VW_BINARY_DIR "/bad-plugins/") + name + ".so"});
    text += std::string(name) + ", exit code " + std::to_string(ran.exit_code) + "\n" + ran.out + ran.err + "\n";
  }
  expect_golden("transcripts/bad-plugins.txt", text);
}

TEST_CASE("a plugin of another ABI is a warning to a plan that does not need it", "[cli]") {
  const Cli cli;
  std::filesystem::create_directories(cli.path("plugins"));
  std::filesystem::copy_file(VW_BINARY_DIR "/bad-plugins/wrong-major.so", cli.path("plugins/wrong-major.so"));
  std::filesystem::copy_file(VW_BINARY_DIR "/bad-plugins/bad-numbers.so", cli.path("plugins/bad-numbers.so"));
  const Ran ran = cli.run({"plan", "-m", model, "--gpu", "T4", "--plugin-dir", "plugins"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.err ==
        "vllm-wizard: warning: plugins/wrong-major.so: built for plugin ABI 2.0; this vllm-wizard speaks 1.1; rebuild "
        "it\n");
}
