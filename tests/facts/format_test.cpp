#include "facts/format.hpp"

#include "support/catch.hpp"
#include "support/entries.hpp"
#include "support/message_of.hpp"
#include "support/shipped.hpp"

using namespace vw;
using test::message_of;
using test::shipped;

namespace {

// The usual fields with changes laid over them.
Json described(const std::string& id, const Json& changes) {
  Json json = {{"id", id}, {"summary", "made for a test"}, {"applies_to", "linears"}, {"from_16_bit", false}};
  json.update(changes);
  return json;
}

Format format_of(const Json& changes) {
  Catalog catalog;
  test::add_table(catalog, table_kind::quantization, "lab", described("lab", changes));
  catalog.seal();
  return find_format(catalog, "lab", "--quantization");
}

double bytes(const Json& weights, double outputs, double inputs, double group_size = 0) {
  return format_of({{"weights", weights}}).stored_bytes(outputs, inputs, false, group_size);
}

Gpu card(std::optional<double> compute_capability, const std::string& gfx = "") {
  Gpu gpu;
  gpu.name = "Lab 1";
  gpu.compute_capability = compute_capability;
  gpu.gfx = gfx;
  return gpu;
}

Catalog& lab() {
  static Catalog catalog;
  if (!catalog.has(table_kind::quantization, "whole")) {
    test::add_table(catalog, table_kind::quantization, "whole", described("whole", {{"aliases", {"entire"}}}));
    test::add_table(catalog, table_kind::quantization, "small",
                    described("small", {{"kv", {{"bits", 8}, {"vllm_name", "tiny"}}}}));
    catalog.seal();
  }
  return catalog;
}

}  // namespace

TEST_CASE("bits, scales and zero points add up to stored bytes", "[facts]") {
  CHECK(bytes({{"bits", 16}}, 100, 50) == 10000);
  const Json grouped = {{"bits", 4}, {"scale_bits", 16}, {"zero_bits", 4}, {"per", {{"rows", 1}, {"inputs", 128}}}};
  CHECK(bytes(grouped, 10, 1024) == 10 * (1024 * 4 + 8 * 20) / 8);
  CHECK(bytes(grouped, 10, 1000) == 10 * (1000 * 4 + 8 * 20) / 8);  // the last group is not full
  const Json blocks = {{"bits", 8}, {"scale_bits", 32}, {"per", {{"rows", 128}, {"inputs", 128}}}};
  CHECK(bytes(blocks, 256, 300) == 256 * 300 + 2 * 3 * 4);
  const Json whole = {{"bits", 8}, {"scale_bits", 32}, {"per", {{"rows", 0}, {"inputs", 0}}}, {"tensor_bits", 32}};
  CHECK(bytes(whole, 64, 64) == 64 * 64 + 4 + 4);
  CHECK(bytes({{"bits", 8}, {"row_bits", 16}}, 64, 64) == 64 * 64 + 64 * 2);
}

TEST_CASE("the checkpoint's own group size replaces the format's where inputs share a scale", "[facts]") {
  const Json grouped = {{"bits", 4}, {"scale_bits", 16}, {"per", {{"rows", 1}, {"inputs", 128}}}};
  CHECK(bytes(grouped, 10, 1024, 32) == 10 * (1024 * 4 + 32 * 16) / 8);
  const Json per_row = {{"bits", 8}, {"scale_bits", 16}, {"per", {{"rows", 1}, {"inputs", 0}}}};
  CHECK(bytes(per_row, 10, 1024, 32) == bytes(per_row, 10, 1024));
}

TEST_CASE("experts may be stored otherwise, and a format without weights keeps 16 bit", "[facts]") {
  const Format format = format_of({{"weights", {{"bits", 16}}}, {"experts", {{"bits", 4}}}});
  CHECK(format.stored_bytes(8, 8, false, 0) == 128);
  CHECK(format.stored_bytes(8, 8, true, 0) == 32);
  CHECK(format_of(Json::object()).stored_bytes(8, 8, false, 0) == 128);
}

TEST_CASE("a format says why a card cannot run it", "[facts]") {
  const Format format =
      format_of({{"needs", {{"compute_capability", 8.9}, {"gfx", {"gfx942", "gfx12"}}, {"reason", "8-bit units"}}}});
  CHECK(format.obstacle(card(9.0)) == "");
  CHECK(format.obstacle(card(8.9)) == "");
  CHECK(format.obstacle(card(8.6)) == "needs compute capability 8.9, Lab 1 has 8.6 (8-bit units)");
  CHECK(format.obstacle(card({}, "gfx942")) == "");
  CHECK(format.obstacle(card({}, "gfx1201")) == "");
  CHECK(format.obstacle(card({}, "gfx90a")) == "needs gfx942 or gfx12, Lab 1 is gfx90a (8-bit units)");
  CHECK(format.obstacle(card({})) == "");  // neither CUDA nor ROCm: nothing is known
  CHECK(format_of(Json::object()).obstacle(card(5.0)) == "");
}

TEST_CASE("a KV cache format has needs of its own", "[facts]") {
  const Json kv = {{"bits", 8},
                   {"needs", {{"compute_capability", 8.9}, {"gfx", {"gfx942"}}, {"reason", "conversion in hardware"}}}};
  const Format format = format_of({{"needs", {{"compute_capability", 7.0}}}, {"kv", kv}});
  CHECK(format.obstacle(card(8.0)) == "");
  CHECK(format.kv_obstacle(card(8.0)) == "needs compute capability 8.9, Lab 1 has 8.0 (conversion in hardware)");
  CHECK(format.kv_obstacle(card({}, "gfx90a")) == "needs gfx942, Lab 1 is gfx90a (conversion in hardware)");
  CHECK(format.kv_obstacle(card(9.0)) == "");
  CHECK(format_of({{"kv", {{"bits", 16}}}}).kv_obstacle(card(5.0)) == "");
  CHECK(format_of(Json::object()).kv_obstacle(card(5.0)) == "");
}

TEST_CASE("formats are found by id and alias, unknown ones with did-you-mean", "[facts]") {
  CHECK(find_format(lab(), "whole", "--quantization").id == "whole");
  CHECK(find_format(lab(), "entire", "--quantization").id == "whole");
  const std::string hint =
      "\nhint: vllm-wizard quantizations lists them; a new one is a file scripts/quantization/<id>.lua";
  CHECK(message_of([] { find_format(lab(), "whale", "--quantization"); }) ==
        "--quantization: unknown format 'whale', did you mean 'whole'?" + hint);
  CHECK(message_of([] { find_format(lab(), "zzz", "stored_as"); }) ==
        "stored_as: unknown format 'zzz', expected one of small, whole" + hint);
  CHECK(all_formats(lab()).size() == 2);
}

TEST_CASE("a format without a kv part cannot hold the KV cache", "[facts]") {
  CHECK(find_kv_format(lab(), "small").kv->vllm_name == "tiny");
  CHECK(message_of([] { find_kv_format(lab(), "whole"); }) ==
        "--kv-cache-dtype: unknown KV cache format 'whole', expected one of auto, small");
  CHECK(message_of([] { find_kv_format(lab(), "smell"); }) ==
        "--kv-cache-dtype: unknown KV cache format 'smell', did you mean 'small'?");
}

TEST_CASE("the shipped spellings of --kv-cache-dtype are known", "[facts]") {
  const auto name = [](const char* id) { return find_kv_format(shipped().catalog(), id).kv->vllm_name; };
  CHECK(name("fp8") == "fp8");
  CHECK(name("fp8_e4m3") == "fp8_e4m3");
  CHECK(name("fp8_e4m3fn") == "fp8_e4m3");
  CHECK(name("fp8_e5m2") == "fp8_e5m2");
  CHECK(name("bf16") == "bfloat16");
  CHECK(name("fp16") == "float16");
}

TEST_CASE("fp8 weights run on Ampere, an fp8 KV cache does not", "[facts]") {
  const Format fp8 = find_format(shipped().catalog(), "fp8", "--quantization");
  CHECK(fp8.obstacle(card(8.0)) == "");
  CHECK(fp8.kv_obstacle(card(8.0)) ==
        "needs compute capability 8.9, Lab 1 has 8.0 (the fp8 KV cache needs fp8 conversion in hardware: 8.9 and up, "
        "MI300 and up)");
}

TEST_CASE("the classic bytes per parameter are those of the reference program", "[facts]") {
  const auto classic = [](const char* id) {
    return find_format(shipped().catalog(), id, "--quantization").classic_bytes_per_parameter.value_or(0);
  };
  CHECK(classic("fp32") == 4);
  CHECK(classic("fp16") == 2);
  CHECK(classic("bf16") == 2);
  CHECK(classic("int8") == 1);
  CHECK(classic("fp8") == 1);
  CHECK(classic("awq") == 0.55);
  CHECK(classic("gptq") == 0.55);
}

TEST_CASE("only what vLLM can make at load time has a flag", "[facts]") {
  for (const Format& format : all_formats(shipped().catalog())) {
    INFO(format.id);
    CHECK(format.from_16_bit == !format.flag.empty());
    if (format.is_plain()) CHECK_FALSE(format.from_16_bit);
  }
}
