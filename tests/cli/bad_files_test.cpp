// Files that are missing, broken or lying: one message each, exit code 2, nothing written.
#include "plugins/checkpoint_bytes.hpp"
#include "support/golden.hpp"
#include "support/run_cli.hpp"

#include "base/files.hpp"

#include <filesystem>

using namespace vw;
using namespace vw::test;

namespace {

using Words = std::vector<std::string>;

std::string refused(const Cli& cli, const std::string& model, const Words& options = {}) {
  Words words = {"generate", "-o", "out", "-m", model, "--gpu", "T4"};
  words.insert(words.end(), options.begin(), options.end());
  const Ran ran = cli.run(words);
  CHECK(ran.exit_code == 2);
  CHECK(ran.out.empty());
  CHECK_FALSE(std::filesystem::exists(cli.path("out")));
  return ran.err;
}

// A folder with this config.json.
std::string refused_config(const std::string& config, const Words& options = {}) {
  const Cli cli;
  cli.put("model/config.json", config);
  return refused(cli, "model", options);
}

// A Llama with these members changed; null removes one.
std::string llama(const Json& changes) {
  Json config = parse_json(read_golden("checkpoints/tiny-llama/config.json"), "config.json");
  config.merge_patch(changes);
  return to_text(config);
}

}  // namespace

TEST_CASE("a model that nobody knows gets near names and the ways out", "[cli]") {
  const Cli cli;
  std::filesystem::create_directories(cli.path("empty"));
  std::string text;
  for (const char* name : {"meta-llama/Llama-3.1-8B-Instrct", "nobody/nothing", "./missing", "empty", "/etc/hostname"})
    text += refused(cli, name) + "\n";
  expect_golden("transcripts/bad-models.txt", text);
}

TEST_CASE("malformed config.json is placed by line and column", "[cli]") {
  std::string text;
  for (const char* config : {"", "{\n  \"hidden_size\": 64,\n  oops\n}", "{\"hidden_size\": 64", "[1, 2]",
                             "{\"a\": 1, \"a\": 2}", "\"text\"", "{\"hidden_size\": 1e999}", "\xff\xfe{}"})
    text += refused_config(config) + "\n";
  text += refused_config(std::string(100000, '['));
  expect_golden("transcripts/bad-json.txt", text);
}

TEST_CASE("a config without the sizes that planning needs names the keys that were looked for", "[cli]") {
  std::string text;
  for (const char* key : {"num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size", "vocab_size"})
    text += refused_config(llama({{key, nullptr}})) + "\n";
  text += refused_config(llama({{"architectures", nullptr}, {"model_type", "llamo"}})) + "\n";
  expect_golden("transcripts/bad-config-missing.txt", text);
}

TEST_CASE("sizes that no model has are refused by name and range", "[cli]") {
  const std::int64_t huge = 1000000000000000000;
  std::string text;
  for (const Json& change : std::vector<Json>{{{"num_attention_heads", 0}},
                                              {{"num_attention_heads", -4}},
                                              {{"num_attention_heads", "four"}},
                                              {{"num_attention_heads", 4.5}},
                                              {{"num_hidden_layers", huge}},
                                              {{"num_hidden_layers", 0}},
                                              {{"hidden_size", huge}},
                                              {{"hidden_size", Json::array({64})}},
                                              {{"vocab_size", -1}},
                                              {{"num_key_value_heads", 3}},
                                              {{"num_key_value_heads", 8}},
                                              {{"max_position_embeddings", 0}},
                                              {{"max_position_embeddings", huge}},
                                              {{"head_dim", 0}},
                                              {{"intermediate_size", 1e40}},
                                              {{"tie_word_embeddings", "yes"}},
                                              {{"architectures", 5}},
                                              {{"quantization_config", "awq"}},
                                              {{"quantization_config", {{"quant_method", "homebrew"}}}}})
    text += to_text(change) + "\n" + refused_config(llama(change)) + "\n";
  expect_golden("transcripts/bad-config-values.txt", text);
}

TEST_CASE("an unknown architecture names the file to write, --family and --params-b", "[cli]") {
  const std::string config = llama({{"architectures", {"LlamoForCausalLM"}}, {"model_type", "llamo"}});
  expect_golden("transcripts/bad-architecture.txt", refused_config(config));
  const Cli cli;
  cli.put("model/config.json", config);
  CHECK(cli.run({"plan", "-m", "model", "--gpu", "T4", "--family", "llama"}).exit_code == 0);
  CHECK(cli.run({"plan", "-m", "model", "--gpu", "T4", "--params-b", "1"}).exit_code == 0);
  const Words unknown = {"plan", "-m", "nobody/nothing", "--gpu", "L4", "--params-b", "7", "--max-model-len", "4096"};
  expect_golden("transcripts/plan-typical-shape.txt", transcript(cli, unknown, cli.run(unknown)));
}

TEST_CASE("weights files that are cut off or lie about their size are refused unread", "[cli]") {
  const auto header_of = [](std::uint64_t claimed, const std::string& header) {
    return little_endian(claimed, 8) + header;
  };
  const std::string config = llama(Json::object());
  std::string text;
  for (const std::string& bytes :
       {std::string("abc"), header_of(std::uint64_t{1} << 60, "{}"), header_of(1000, "{}"), header_of(2, "{]"),
        header_of(9, "not a map"),
        safetensors(R"({"w": {"dtype": "BF16", "shape": [4, 4], "data_offsets": [0, 31]}})", 32),
        safetensors(R"({"w": {"dtype": "BF16", "shape": [4, 4], "data_offsets": [0, 32]}})", 8),
        safetensors(R"({"w": {"dtype": "BF16", "shape": [99999999999, 99999999999], "data_offsets": [0, 32]}})", 32)}) {
    const Cli cli;
    cli.put("model/config.json", config);
    cli.put("model/model.safetensors", bytes);
    text += refused(cli, "model") + "\n";
  }
  expect_golden("transcripts/bad-safetensors.txt", text);
}

TEST_CASE("GGUF files that are cut off or lie about their size are refused unread", "[cli]") {
  const std::string fine = GgufBytes().text("general.architecture", "llama").number("llama.block_count", 2).bytes();
  std::string text;
  for (const std::string& bytes :
       {std::string("GGUF"), std::string("GGML") + fine.substr(4), fine.substr(0, 40), GgufBytes(99).bytes(),
        GgufBytes().claims(std::uint64_t{1} << 60, std::uint64_t{1} << 60).bytes(), GgufBytes().bytes(), fine}) {
    const Cli cli;
    cli.put("model.gguf", bytes);
    text += refused(cli, cli.path("model.gguf")) + "\n";
  }
  expect_golden("transcripts/bad-gguf.txt", text);
}

TEST_CASE("profiles that are missing, malformed or misspelt are refused", "[cli]") {
  const Cli cli;
  const auto refused_profile = [&](const std::string& content, const std::string& name) {
    cli.put(name, content);
    const Ran ran = cli.run({"plan", "-p", name});
    CHECK(ran.exit_code == 2);
    CHECK(ran.out.empty());
    return ran.err + "\n";
  };
  std::string text = cli.run({"plan", "-p", "missing.yaml"}).err + cli.run({"plan", "-p", "."}).err + "\n";
  for (const char* content : {"",
                              "- a\n- b\n",
                              "model: {id: a\n",
                              "model:\n  id: a\n   dtype: b\n",
                              "model:\n\tid: a\n",
                              "modle: {id: a}\n",
                              "model: {idd: a}\n",
                              "model: {id: a, id: b}\n",
                              "model: {id: a, dtype: fp17}\nhardware: {gpu_name: T4}\n",
                              "model: {id: a}\nworkload: {concurrency: many}\n",
                              "model: {id: a}\nworkload: {concurrency: 0}\n",
                              "model: {id: a}\npolicy: {gpu_memory_utilization: 2}\n",
                              "model: [a]\n",
                              "model: &m {id: a}\n",
                              "hardware: {gpuname: T4}\n",
                              "parts: {detectr: nvidia-smi}\n",
                              "model: {id: a}\nparts: {detector: nvidia}\n",
                              "model: {id: a}\nhardware: {gpu_name: T4}\nparts: {source: catalog}\n",
                              "profile_version: 2\n",
                              "model: {id: 7}\n",
                              "model: {max_model_len: long}\n"})
    text += "| " + std::string(content) + "\n" + refused_profile(content, "profile.yaml");
  text += refused_profile("{\"model\": {\"id\": }}", "profile.json");
  expect_golden("transcripts/bad-profiles.txt", text);
}

TEST_CASE("a gpu-db file that was refused is told with the error that it leads to", "[cli]") {
  const Cli cli;
  cli.put("db/a.json", "{\"gpus\": [");
  cli.put("own/b.json", R"({"gpus": [{"id": "lab-7", "name": "Lab Seven", "memory_gib": 7}]})");
  const std::string model = VW_ROOT "/tests/data/checkpoints/tiny-llama";
  expect_golden("transcripts/bad-gpu-db.txt",
                transcripts(cli,
                            {{"plan", "-m", model, "--gpu", "lab-7", "--gpu-db", "db"},
                             {"plan", "-m", model, "--gpu", "lab-7", "--gpu-db", "db", "--quiet"},
                             {"generate", "-m", model, "--gpu", "lab-7", "--gpu-db", "db", "-o", "out"},
                             {"plan", "-m", model, "--gpu", "lab-7", "--gpu-db", "own"}},
                            2));
}

TEST_CASE("a folder that cannot be written is refused with the reason", "[cli]") {
  const Cli cli;
  cli.put("file", "mine");
  const std::string model = VW_ROOT "/tests/data/checkpoints/tiny-llama";
  expect_golden("transcripts/bad-output.txt",
                transcripts(cli,
                            {{"generate", "-o", "file/out", "-m", model, "--gpu", "T4"},
                             {"generate", "-o", "file", "-m", model, "--gpu", "T4"},
                             {"generate", "-o", "", "-m", model, "--gpu", "T4"},
                             {"plan", "--output", "file/plan.txt", "-m", model, "--gpu", "T4"},
                             {"new", "family", "mine", "--dir", "file"}},
                            2));
  CHECK(disk_files().read(cli.path("file")) == "mine");
}

TEST_CASE("what cannot be printed is an error of every command", "[cli]") {
  const Cli cli;
  const std::string model = VW_ROOT "/tests/data/checkpoints/tiny-llama";
  for (const Words& words :
       {Words{"--help"}, Words{"--version"}, Words{"plan", "--help"}, Words{"man"}, Words{"gpus"},
        Words{"plan", "-m", model, "--gpu", "T4", "--json"},
        Words{"sweep", "-m", model, "--gpu", "T4", "--format", "json"},
        Words{"generate", "-o", "out", "-m", model, "--gpu", "T4"},
        Words{"calibrate", "--dry-run", VW_ROOT "/tests/data/logs/started.log", "--gpu", "H100 80GB", "--offline"}}) {
    std::vector<std::string> whole = {"/bin/sh", "-c", "exec \"$@\" >/dev/full", "sh"};
    for (const std::string& word : cli.command(words)) whole.push_back(word);
    const ProcessResult result = run_process(whole, 60);
    INFO(join(words, " "));
    CHECK(result.exit_code == 2);
    CHECK(result.errors.find("error: standard output: cannot be written\n") != std::string::npos);
  }
}
