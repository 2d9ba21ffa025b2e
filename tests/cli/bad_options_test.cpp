// Wrong words on the command line: one message each on standard error, exit code 2, nothing on standard output.
#include "support/golden.hpp"
#include "support/run_cli.hpp"

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;
const std::string model = VW_ROOT "/tests/data/checkpoints/tiny-llama";

// The messages of `plan` on one small model and card with these words added.
std::string refused(const std::vector<Words>& additions) {
  const Cli cli;
  std::string text;
  for (const Words& addition : additions) {
    Words words = {"plan", "-m", model, "--gpu", "T4"};
    words.insert(words.end(), addition.begin(), addition.end());
    const Ran ran = cli.run(words);
    INFO(join(addition, " "));
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    text += join(addition, " ") + "\n  " + ran.err;
  }
  return text;
}

std::string refused_whole(const std::vector<Words>& commands) { return transcripts(Cli(), commands, 2); }

}  // namespace

TEST_CASE("numbers out of range name the option, the word and the range", "[cli]") {
  expect_golden("transcripts/bad-numbers.txt", refused({{"--gpus", "0"},
                                                        {"--gpus", "-1"},
                                                        {"--gpus", "two"},
                                                        {"--gpus", "1.5"},
                                                        {"--gpus", "99999999999999999999"},
                                                        {"--nodes", "0"},
                                                        {"--tp", "0"},
                                                        {"-c", "0"},
                                                        {"-c", "1e3"},
                                                        {"--max-model-len", "0"},
                                                        {"--max-model-len", "-8"},
                                                        {"--max-model-len", "long"},
                                                        {"--max-model-len", "9e99"},
                                                        {"--prompt-tokens", "0"},
                                                        {"--block-size", "0"},
                                                        {"--kv-cache-memory-bytes", "4GB"},
                                                        {"--params-b", "0"},
                                                        {"--params-b", "nan"},
                                                        {"--params-b", "inf"},
                                                        {"--vram-gb", "-24"},
                                                        {"--vram-gb", "1e300"},
                                                        {"--vram-gb", "24GB"},
                                                        {"--vram-gb", "nan"},
                                                        {"--vram-gb", "inf"},
                                                        {"--gpu-memory-utilization", "0"},
                                                        {"--gpu-memory-utilization", "1.2"},
                                                        {"--gpu-memory-utilization", "90%"},
                                                        {"--fragmentation-factor", "0.5"},
                                                        {"--headroom-gb", "-1"},
                                                        {"--overhead-gb", "-0.1"},
                                                        {"--target-latency-ms", "0"},
                                                        {"--threads", "0"}}));
}

TEST_CASE("unknown words get the words that are known, or the near one", "[cli]") {
  expect_golden("transcripts/bad-words.txt", refused({{"--dtype", "fp17"},
                                                      {"--dtype", "int4"},
                                                      {"-q", "awk"},
                                                      {"-q", "fp9000"},
                                                      {"--kv-cache-dtype", "fp8_e4m4"},
                                                      {"--kv-cache-dtype", "awq"},
                                                      {"--interconnect", "nvlinc"},
                                                      {"--batching-mode", "fast"},
                                                      {"--vllm-version", "0.0.1"},
                                                      {"--vllm-version", "newest"},
                                                      {"--memory-model", "clasic"},
                                                      {"--perf-model", "roofling"},
                                                      {"--source", "catalog"},
                                                      {"--family", "lama"},
                                                      {"--color", "pink"},
                                                      {"--script-dir", "/nowhere"},
                                                      {"--plugin-dir", "/etc/passwd"},
                                                      {"--gpu-db", "/nowhere"}}));
}

TEST_CASE("what an option needs beside it is asked for by the name of the option", "[cli]") {
  expect_golden("transcripts/bad-serving.txt", refused({{"--spec-method", "ngram"},
                                                        {"--spec-tokens", "3"},
                                                        {"--spec-method", "eagle3", "--spec-tokens", "3"},
                                                        {"--spec-method", "draft", "--spec-tokens", "3"},
                                                        {"--spec-method", "n-gram", "--spec-tokens", "3"},
                                                        {"--cpu-offload-gb", "-1"},
                                                        {"--limit-mm-per-prompt", "{\"images\": 1}"},
                                                        {"--limit-mm-per-prompt", "{\"image\": -1}"},
                                                        {"--limit-mm-per-prompt", "2"}}));
}

TEST_CASE("unknown options, commands and stray words are explained", "[cli]") {
  expect_golden("transcripts/bad-command-lines.txt",
                refused_whole({{"pln"},
                               {"abracadabra"},
                               {"--json"},
                               {"plan"},
                               {"plan", "--modle", "x"},
                               {"plan", "--max-model", "8192"},
                               {"plan", "--completely-different"},
                               {"plan", "-x"},
                               {"plan", "-m"},
                               {"plan", "-m", "a", "-c=3"},
                               {"plan", "-m=a b"},
                               {"plan", "-m", "a", "-m", "b"},
                               {"plan", "-m", "a", "--json=yes"},
                               {"plan", "meta-llama/Llama-3.1-8B"},
                               {"plan", "--emit", "all"},
                               {"detect", "--gpu", "H100"},
                               {"gpus", "a", "b"},
                               {"generate", "-m", "a", "--gpu", "T4"},
                               {"generate", "-m", model, "--gpu", "T4", "-o", "out", "--emit", "helm"},
                               {"generate", "-m", model, "--gpu", "T4", "-o", "out", "--emit", "comose"},
                               {"generate", "-m", model, "--gpu", "T4", "-o", "out", "--emit", ""},
                               {"generate", "-m", model, "--gpu", "T4", "-o", "out", "--emit", " , "},
                               {"completion"},
                               {"completion", "tcsh"},
                               {"new"},
                               {"new", "famly", "x"},
                               {"new", "family"},
                               {"new", "family", "My Family"},
                               {"new", "release", "my-release"},
                               {"check", "notes.txt"}}));
}

TEST_CASE("words with control characters are echoed without them", "[cli]") {
  const std::string escape = "x\x1b[31m\ny";
  const Cli cli;
  std::string text;
  for (const Words& words : std::vector<Words>{{escape},
                                               {"plan", "--" + escape},
                                               {"plan", escape},
                                               {"plan", "-m", escape, "--gpu", "T4"},
                                               {"plan", "-m", model, "--gpu", escape},
                                               {"plan", "-m", model, "--gpu", "T4", "--dtype", escape},
                                               {"plan", "-m", model, "--gpu", "T4", "-q", escape},
                                               {"plan", "-m", model, "--gpu", "T4", "--interconnect", escape},
                                               {"plan", "-m", model, "--gpu", "T4", "--color", escape},
                                               {"plan", "-p", escape},
                                               {"check", escape},
                                               {"check", escape + ".lua"},
                                               {"new", escape, "x"}}) {
    const Ran ran = cli.run(words);
    CHECK(ran.exit_code == 2);
    text += ran.out + ran.err;
  }
  CHECK(text.find('\x1b') == std::string::npos);
  expect_golden("transcripts/bad-control-characters.txt", text);
}

TEST_CASE("a card that is not there, not clear or not fit for vLLM is refused with the way out", "[cli]") {
  expect_golden("transcripts/bad-gpus.txt",
                refused_whole({{"plan", "-m", model},
                               {"plan", "-m", model, "--gpu", "RTX 40"},
                               {"plan", "-m", model, "--gpu", "RTX 4099"},
                               {"plan", "-m", model, "--gpu", "abacus"},
                               {"plan", "-m", model, "--gpu", ""},
                               {"plan", "-m", model, "--gpu", "P40"},
                               {"plan", "-m", model, "--gpu", "auto", "--detector", "nvidia"}}));
}

TEST_CASE("parallel sizes that the model or the cards cannot do are refused", "[cli]") {
  const std::string llama = "meta-llama/Llama-3.1-8B-Instruct";
  expect_golden(
      "transcripts/bad-parallel.txt",
      refused_whole({{"plan", "-m", llama, "--gpu", "H100", "--tp", "3"},
                     {"plan", "-m", llama, "--gpu", "H100", "--tp", "64"},
                     {"plan", "-m", llama, "--gpu", "H100", "--pp", "33"},
                     {"plan", "-m", llama, "--gpu", "H100", "--gpus", "2", "--tp", "4"},
                     {"plan", "-m", llama, "--gpu", "H100", "--gpus", "4", "--tp", "2", "--pp", "2", "--dp", "2"}}));
}

TEST_CASE("a name that fits cards of different memory takes the smallest and says so", "[cli]") {
  const Ran ran = Cli().run({"plan", "-m", model, "--gpu", "A100"});
  CHECK(ran.exit_code == 0);
  CHECK(ran.out.find("gpu 'A100' fits several cards; took 'a100-sxm4-40gb' (40 GiB), others:") != std::string::npos);
}

TEST_CASE("an unknown card is planned when its memory is given", "[cli]") {
  CHECK(Cli().run({"plan", "-m", model, "--gpu", "abacus", "--vram-gb", "16"}).exit_code == 0);
  CHECK(Cli().run({"plan", "-m", model, "--vram-gb", "16"}).exit_code == 0);
}
