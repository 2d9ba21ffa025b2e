// Which shipped format a checkpoint's quantization_config means.
#include "facts/format.hpp"
#include "support/catch.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::shipped;

namespace {

std::string recognised(const std::string& config) {
  const auto format = recognise_format(shipped().catalog(), Json::parse(config));
  return format ? format->id : "none";
}

std::string tensors(const std::string& weights) {
  return recognised(R"({"quant_method": "compressed-tensors", "config_groups": {"group_0": {"weights": )" + weights +
                    "}}}");
}

}  // namespace

TEST_CASE("AWQ and GPTQ are told by method, bits and symmetry", "[facts]") {
  CHECK(recognised(R"({"quant_method": "awq", "bits": 4, "group_size": 128, "zero_point": true})") == "awq");
  CHECK(recognised(R"({"quant_method": "gptq", "bits": 4, "group_size": 128, "sym": true})") == "gptq");
  CHECK(recognised(R"({"quant_method": "gptq", "bits": 4, "group_size": 128, "sym": false})") == "gptq-asym");
  CHECK(recognised(R"({"quant_method": "gptq", "bits": 4, "group_size": -1})") == "gptq-channel");
}

TEST_CASE("fp8 is told by where its scales sit", "[facts]") {
  CHECK(recognised(R"({"quant_method": "fp8", "activation_scheme": "dynamic"})") == "fp8");
  CHECK(recognised(R"({"quant_method": "fp8", "weight_block_size": [128, 128]})") == "fp8-block");
  CHECK(tensors(R"({"type": "float", "num_bits": 8, "strategy": "tensor"})") == "fp8");
  CHECK(tensors(R"({"type": "float", "num_bits": 8, "strategy": "channel"})") == "fp8-channel");
}

TEST_CASE("compressed-tensors integers are told by bits, strategy and symmetry", "[facts]") {
  CHECK(tensors(R"({"type": "int", "num_bits": 4, "strategy": "group", "group_size": 128, "symmetric": true})") ==
        "w4a16");
  CHECK(tensors(R"({"type": "int", "num_bits": 4, "strategy": "group", "group_size": 128, "symmetric": false})") ==
        "w4a16-asym");
  CHECK(tensors(R"({"type": "int", "num_bits": 4, "strategy": "channel", "symmetric": true})") == "w4a16-channel");
}

TEST_CASE("4-bit floats are told by their scales", "[facts]") {
  CHECK(recognised(R"({"quant_method": "mxfp4"})") == "mxfp4");
  CHECK(recognised(R"({"quant_method": "modelopt", "quant_algo": "NVFP4"})") == "nvfp4");
  CHECK(recognised(R"({"hf_quant_config": {"quantization": {"quant_algo": "NVFP4"}}})") == "nvfp4");
  CHECK(recognised(R"({"hf_quant_config": {"quantization": {"quant_algo": "FP8"}}})") == "fp8");
}

TEST_CASE("bitsandbytes is told by its width", "[facts]") {
  CHECK(recognised(R"({"quant_method": "bitsandbytes", "load_in_4bit": true})") == "bitsandbytes");
  CHECK(recognised(R"({"quant_method": "bitsandbytes", "load_in_8bit": true})") == "bitsandbytes-int8");
}

TEST_CASE("what no format speaks of is not recognised", "[facts]") {
  CHECK(recognised(R"({"quant_method": "abacus"})") == "none");
  CHECK(recognised("{}") == "none");
  CHECK(recognised("[]") == "none");
  CHECK(recognised(R"({"quant_method": 7, "config_groups": [1, 2]})") == "none");
}

TEST_CASE("every condition of a format recognises that format", "[facts]") {
  const Catalog& catalog = shipped().catalog();
  for (const Format& format : all_formats(catalog)) {
    if (!format.json.contains("recognised_by")) continue;
    for (const Json& conditions : format.json.at("recognised_by")) {
      INFO(format.id << ": " << conditions);
      Json declared = Json::object();
      for (const auto& [path, wanted] : conditions.items()) {
        std::string pointer = "/" + path;
        for (char& c : pointer) c = c == '.' ? '/' : c;
        for (auto star = pointer.find('*'); star != std::string::npos; star = pointer.find('*'))
          pointer.replace(star, 1, "group_0");
        declared[Json::json_pointer(pointer)] = wanted;
      }
      const auto found = recognise_format(catalog, declared);
      REQUIRE(found);
      CHECK(found->id == format.id);
    }
  }
}

TEST_CASE("every rule of a shipped format names the method or the algorithm, so that few scripts are run", "[facts]") {
  for (const Format& format : all_formats(shipped().catalog())) {
    if (!format.json.contains("recognised_by")) continue;
    for (const Json& conditions : format.json.at("recognised_by")) {
      INFO(format.id << " " << conditions);
      const bool names_method = conditions.contains("quant_method") || conditions.contains("quant_algo") ||
                                conditions.contains("hf_quant_config.quant_algo") ||
                                conditions.contains("hf_quant_config.quantization.quant_algo");
      CHECK(names_method);
    }
  }
}
