#include "base/files.hpp"
#include "plugins/ask_plugin.hpp"
#include "plugins/checkpoint_bytes.hpp"
#include "plugins/environment.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace vw::test {

namespace {

const std::string data = VW_ROOT "/tests/data/checkpoints/";

Json describe(const std::string& model) {
  return ask_plugin("sources/local-files", {{"verb", "describe"}, {"model", model}, {"offline", true}});
}

std::string failure(const std::string& model) {
  return plugin_failure("sources/local-files", {{"verb", "describe"}, {"model", model}});
}

}  // namespace

TEST_CASE("a folder with config.json alone is a model whose sizes come from the configuration", "[plugins]") {
  const auto record = describe(data + "tiny-llama/");
  CHECK(record["id"] == data + "tiny-llama/");
  CHECK(record["source"] == "local-files");
  CHECK(record["location"] == data + "tiny-llama");
  CHECK(record["config_file"] == data + "tiny-llama/config.json");
  CHECK(record["config"]["num_hidden_layers"] == 2);
  CHECK(record["notes"] == Json{"no weight files in the folder; sizes come from the configuration"});
  CHECK_FALSE(record.contains("weights_bytes"));
  CHECK_FALSE(record.contains("params"));
}

TEST_CASE("quantization and preprocessor files beside config.json are read with it", "[plugins]") {
  const auto record = describe(data + "modelopt");
  CHECK(record["hf_quant_config"]["quantization"]["quant_algo"] == "FP8");
  CHECK(record["preprocessor_config"]["size"]["shortest_edge"] == 224);
}

TEST_CASE("config.json itself names the model of its folder, another JSON file a configuration alone", "[plugins]") {
  const TempDir dir;
  dir.put("config.json", R"({"hidden_size": 1})");
  dir.put("other.json", R"({"hidden_size": 2})");
  dir.put("model.safetensors", safetensors({{"w", "BF16", {2, 4}, 16}}));
  CHECK(describe(dir.path("config.json"))["weights_bytes"] == 16);
  const auto other = describe(dir.path("other.json"));
  CHECK(other["config"]["hidden_size"] == 2);
  CHECK_FALSE(other.contains("weights_bytes"));
}

TEST_CASE("a name that is no path and no folder here is somebody else's to know", "[plugins]") {
  CHECK(describe("nobody/no-such-model").is_null());
  CHECK(describe("").is_null());
  CHECK(ask_plugin("sources/local-files", {{"verb", "list"}}).is_null());
  CHECK(ask_plugin("sources/local-files", {{"verb", "suggest"}, {"model", "x"}}).is_null());
  CHECK(ask_plugin("sources/local-files", {{"verb", "describe"}, {"model", 7}}).is_null());
}

TEST_CASE("what looks like a path and is missing is an error that says what a model is", "[plugins]") {
  const std::string expected =
      ": no such file or folder, expected a folder with config.json, or a config.json, *.safetensors, "
      "*.safetensors.index.json or *.gguf file";
  for (const std::string path : {"./nope", "../nope", "/no/such/model", "~/no-such-model-at-home"})
    CHECK(failure(path) == "'" + path + "'" + expected);
}

TEST_CASE("a tilde stands for the home folder", "[plugins]") {
  const TempDir home;
  home.put("models/tiny/config.json", "{}");
  const Environment variable("HOME", home.path());
  CHECK(describe("~/models/tiny")["id"] == "~/models/tiny");
}

TEST_CASE("a file that is no model says so", "[plugins]") {
  const TempDir dir;
  const auto notes = dir.put("notes.txt", "remember the milk\n");
  CHECK(failure(notes) ==
        notes + ": is no model file, expected config.json, *.safetensors, *.safetensors.index.json or *.gguf");
}

TEST_CASE("a folder that holds no model says so", "[plugins]") {
  const TempDir dir;
  CHECK(failure(dir.path()) ==
        dir.path() + ": no config.json and no GGUF file in this folder, expected a folder with the files of one model");
}

TEST_CASE("a weight file without its config.json says what is missing", "[plugins]") {
  const TempDir dir;
  const auto file = dir.put("model.safetensors", safetensors({{"w", "BF16", {2, 4}, 16}}));
  CHECK(failure(file) == dir.path() + ": no config.json in this folder, expected it beside the weights");
}

TEST_CASE("malformed JSON is reported with line and column", "[plugins]") {
  const TempDir dir;
  const auto check = [&](const std::string& text, const std::string& message) {
    const auto path = dir.put("config.json", text);
    CHECK(failure(path) == path + ": " + message);
  };
  check("{\n  \"hidden_size\": 64,\n}\n", "line 3 column 1: unexpected '}', expected string literal");
  check("{\"a\": nope}", "line 1 column 8: invalid literal");
  check("", "line 1 column 1: unexpected end of input, expected '[', '{', or a literal");
  check("{\"a\": 1e999}", "line 1 column 11: number overflow parsing '1e999'");
  check("{\"a\": 1,\n \"a\": 2}", "line 2 column 4: duplicate key 'a'");
  check("{} {}", "line 1 column 4: unexpected '{', expected end of input");
  check(std::string("{}\0", 3), "line 1 column 3: zero byte, expected text");
  check("[1, 2]", "holds array, expected a JSON object");
  check("{\"a\": \"\xff\"}", "line 1 column 8: invalid string: ill-formed UTF-8 byte");
  check(std::string(3'000'000, '['), "line 1 column 65: nested deeper than 64 levels");
}

TEST_CASE("the numbers that only Python writes are read as null, in values but not in strings", "[plugins]") {
  const TempDir dir;
  dir.put("config.json", "{\"a\": [0.0, Infinity], \"b\": -Infinity, \"c\": NaN, \"d\": \"\\\"NaN, Infinity\"}");
  const Json config = describe(dir.path())["config"];
  CHECK(config["a"] == Json::array({0.0, nullptr}));
  CHECK(config["b"].is_null());
  CHECK(config["c"].is_null());
  CHECK(config["d"] == "\"NaN, Infinity");
}

TEST_CASE("a configuration of gigabytes is refused unread", "[plugins]") {
  const TempDir dir;
  const auto path = dir.put("config.json", "{}");
  std::filesystem::resize_file(path, std::uintmax_t{8} << 30);
  CHECK(failure(path) == path + ": has 8589934592 bytes, expected at most 16777216");
}

TEST_CASE("a pipe in the place of a file does not block", "[plugins]") {
  const TempDir dir;
  REQUIRE(std::system(("mkfifo " + dir.path("model.gguf")).c_str()) == 0);
  CHECK(failure(dir.path("model.gguf")) == dir.path("model.gguf") + ": is not a regular file");
}

TEST_CASE("weights that were not downloaded leave the totals of the index", "[plugins]") {
  const auto record = describe(data + "half-downloaded");
  CHECK(record["weights_bytes"] == 230016);
  CHECK(record["params"] == 115008);
  CHECK(record["params_basis"] == "safetensors index");
  CHECK(record["warnings"] == Json{"2 of 2 weight files are missing; sizes are the totals of " + data +
                                   "half-downloaded/model.safetensors.index.json"});
  CHECK_FALSE(record.contains("tensors"));
}

}  // namespace vw::test
