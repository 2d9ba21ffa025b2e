#include "plugins/ask_plugin.hpp"
#include "plugins/checkpoint_bytes.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace vw::test {

namespace {

// A model folder with a config.json and what a test puts beside it.
struct Model {
  TempDir dir;
  std::string file = dir.path("model.safetensors");

  explicit Model(const std::string& config = "{}") { dir.put("config.json", config); }

  Json describe() const { return ask_plugin("sources/local-files", {{"verb", "describe"}, {"model", dir.path()}}); }
  std::string failure() const {
    return plugin_failure("sources/local-files", {{"verb", "describe"}, {"model", dir.path()}});
  }
  // The message for a model.safetensors of these bytes, without the file's name.
  std::string failure_of(const std::string& bytes) const {
    dir.put("model.safetensors", bytes);
    const auto message = failure();
    return message.starts_with(file + ": ") ? message.substr(file.size() + 2) : "elsewhere: " + message;
  }
  std::string failure_of_header(const std::string& header, std::size_t data_bytes = 16) const {
    return failure_of(safetensors(header, data_bytes));
  }
};

}  // namespace

TEST_CASE("the header of a safetensors file gives exact bytes and parameters, its tensors as patterns", "[plugins]") {
  const Model model;
  model.dir.put("model.safetensors", safetensors({{"model.layers.0.mlp.w1.weight", "BF16", {4, 2}, 16},
                                                  {"model.layers.1.mlp.w1.weight", "BF16", {4, 2}, 16},
                                                  {"model.layers.10.norm.weight", "F32", {3}, 12},
                                                  {"scalar", "BF16", {}, 2}}));
  const auto record = model.describe();
  CHECK(record["weights_bytes"] == 46);
  CHECK(record["params"] == 20);
  CHECK(record["params_basis"] == "safetensors headers");
  CHECK(record["notes"] == Json::array());
  CHECK(record["tensors"] == Json::parse(R"([
    {"pattern": "model.layers.*.mlp.w1.weight", "dtype": "BF16", "shape": [4, 2], "count": 2, "bytes": 32,
     "at": [[0, 1, 1]]},
    {"pattern": "model.layers.*.norm.weight", "dtype": "F32", "shape": [3], "count": 1, "bytes": 12,
     "at": [[10, 10, 1]]},
    {"pattern": "scalar", "dtype": "BF16", "shape": [], "count": 1, "bytes": 2}])"));
}

TEST_CASE("an index leads to its shards and nothing else", "[plugins]") {
  const Model model;
  model.dir.put("a-00001-of-00002.safetensors", safetensors({{"x", "F16", {8}, 16}}));
  model.dir.put("a-00002-of-00002.safetensors", safetensors({{"y", "F16", {4}, 8}}));
  model.dir.put("stray.safetensors", safetensors({{"z", "F16", {4}, 8}}));
  const auto index = model.dir.put("model.safetensors.index.json",
                                   R"({"metadata": {"total_size": 24}, "weight_map": {
      "x": "a-00001-of-00002.safetensors", "y": "a-00002-of-00002.safetensors"}})");
  CHECK(model.describe()["weights_bytes"] == 24);
  const auto named = ask_plugin("sources/local-files", {{"verb", "describe"}, {"model", index}});
  CHECK(named["params"] == 12);
}

TEST_CASE("an index that leads out of its folder is refused", "[plugins]") {
  const Model model;
  const auto index = model.dir.put("model.safetensors.index.json", R"({"weight_map": {"x": "../secret"}})");
  CHECK(model.failure() == index +
                               ": weight_map: tensor 'x' lies in '\"../secret\"', expected the name of a file beside "
                               "the index");
  model.dir.put("model.safetensors.index.json", R"({"weight_map": []})");
  CHECK(model.failure() == index + ": no weight_map, expected {\"weight_map\": {tensor: file}, ...}");
}

TEST_CASE("quantized checkpoints give bytes, but their elements are not parameters", "[plugins]") {
  const Model packed(R"({"quantization_config": {"quant_method": "awq"}})");
  packed.dir.put("model.safetensors", safetensors({{"w.qweight", "I32", {2}, 8}, {"norm", "F16", {4}, 8}}));
  CHECK(packed.describe()["weights_bytes"] == 16);
  CHECK_FALSE(packed.describe().contains("params"));

  const Model undeclared;
  undeclared.dir.put("model.safetensors", safetensors({{"w", "F8_E4M3", {16}, 16}, {"w_scale", "F32", {1}, 4}}));
  CHECK_FALSE(undeclared.describe().contains("params"));
}

TEST_CASE("integer buffers are no parameters", "[plugins]") {
  const Model model;
  model.dir.put("model.safetensors", safetensors({{"w", "BF16", {1024}, 2048}, {"position_ids", "I64", {1}, 8}}));
  CHECK(model.describe()["params"] == 1024);
}

TEST_CASE("types narrower than a byte are counted in bits", "[plugins]") {
  const Model model;
  model.dir.put("model.safetensors", safetensors({{"w", "F4", {4, 8}, 16}}));
  CHECK(model.describe()["weights_bytes"] == 16);
}

TEST_CASE("the same weights in Mistral's own file and adapters beside them are not counted", "[plugins]") {
  const Model model;
  model.dir.put("model.safetensors", safetensors({{"w", "BF16", {8}, 16}}));
  model.dir.put("consolidated.safetensors", safetensors({{"w", "BF16", {8}, 16}}));
  model.dir.put("adapter_model.safetensors", safetensors({{"lora", "BF16", {8}, 16}}));
  CHECK(model.describe()["weights_bytes"] == 16);
  CHECK(model.describe()["notes"] == Json{"adapter weights in the folder are left out"});
}

TEST_CASE("missing shards without an index are noticed by the names of the others", "[plugins]") {
  const Model model;
  model.dir.put("model-00001-of-00003.safetensors", safetensors({{"w", "BF16", {8}, 16}}));
  CHECK(model.describe()["warnings"] == Json{"2 of 3 weight files are missing; sizes come from the configuration"});
  CHECK_FALSE(model.describe().contains("weights_bytes"));
}

TEST_CASE("a header that lies about its length is believed in nothing", "[plugins]") {
  const Model model;
  const std::string rest(44, ' ');
  CHECK(model.failure_of(little_endian(9223372036854775807u, 8) + rest) ==
        "header says 9223372036854775807 bytes, but the file has 52");
  CHECK(model.failure_of(little_endian(~std::uint64_t{0}, 8) + rest) ==
        "header says 18446744073709551615 bytes, but the file has 52");
  CHECK(model.failure_of(little_endian(45, 8) + rest) == "header says 45 bytes, but the file has 52");
  CHECK(model.failure_of("short") == "has 5 bytes, expected at least 8 for the length of the header");
  model.dir.put("model.safetensors", little_endian(200'000'000, 8));
  std::filesystem::resize_file(model.file, 300'000'000);
  CHECK(model.failure() == model.file + ": header says 200000000 bytes, expected at most 100000000");
}

TEST_CASE("a header that is no JSON object is reported at its line and column", "[plugins]") {
  const Model model;
  CHECK(model.failure_of_header("{\"w\": {\"dtype\"") ==
        "header: line 1 column 15: unexpected end of input, expected ':'");
  CHECK(model.failure_of_header("[1]") == "header: line 1 column 1: not an object, expected {\"name\": ...}");
  CHECK(model.failure_of_header("") ==
        "header: line 1 column 1: unexpected end of input, expected '[', '{', or a literal");
  CHECK(model.failure_of_header("{\"w\": " + std::string(100'000, '[')) ==
        "header: line 1 column 70: nested deeper than 64 levels");
}

TEST_CASE("each tensor must say where it lies and what it is", "[plugins]") {
  const Model model;
  CHECK(model.failure_of_header(R"({"w": 7})") == "tensor 'w': not an object, expected dtype, shape and data_offsets");
  CHECK(model.failure_of_header(R"({"w": {}})") == "tensor 'w': no dtype, expected a string such as \"BF16\"");
  CHECK(model.failure_of_header(R"({"w": {"dtype": "F7", "shape": [8], "data_offsets": [0, 16]}})") ==
        "tensor 'w': unknown dtype 'F7', expected one of BOOL, U8, I8, F8_E4M3, F8_E5M2, F8_E8M0, F8_E4M3FNUZ, "
        "F8_E5M2FNUZ, F4, F6_E2M3, F6_E3M2, I16, U16, F16, BF16, I32, U32, F32, I64, U64, F64, C64");
  CHECK(model.failure_of_header(R"({"w": {"dtype": "BF16", "shape": [-8], "data_offsets": [0, 16]}})") ==
        "tensor 'w': shape is not a list of whole numbers, expected for example [4096, 4096]");
  CHECK(model.failure_of_header(R"({"w": {"dtype": "BF16", "shape": [8], "data_offsets": [0]}})") ==
        "tensor 'w': data_offsets has 1 numbers, expected 2");
}

TEST_CASE("offsets that contradict shape, order or file are refused", "[plugins]") {
  const Model model;
  const auto failure = [&](const std::string& shape, const std::string& offsets) {
    return model.failure_of_header(R"({"w": {"dtype": "BF16", "shape": )" + shape + R"(, "data_offsets": )" + offsets +
                                   "}}");
  };
  CHECK(failure("[8]", "[0, 14]") == "tensor 'w': data_offsets span 14 bytes, but its shape and dtype need 16");
  CHECK(failure("[8]", "[16, 0]") == "tensor 'w': data_offsets run backwards, from 16 to 0");
  CHECK(failure("[9]", "[0, 18]") == "tensor 'w': its data ends at byte 89, but the file has 87");
  CHECK(failure("[4294967296, 4294967296]", "[0, 0]") ==
        "tensor 'w': its shape has more elements than any file can hold");
}

TEST_CASE("tensors that overlap are named", "[plugins]") {
  const Model model;
  CHECK(model.failure_of_header(R"({"a": {"dtype": "BF16", "shape": [4], "data_offsets": [0, 8]},
                                    "b": {"dtype": "BF16", "shape": [4], "data_offsets": [6, 14]}})") ==
        "tensors 'a' and 'b' overlap at byte 6 of the data");
}

}  // namespace vw::test
