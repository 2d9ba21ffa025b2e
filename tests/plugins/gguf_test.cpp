#include "plugins/ask_plugin.hpp"
#include "plugins/checkpoint_bytes.hpp"
#include "support/catch.hpp"
#include "support/temp_dir.hpp"

namespace vw::test {

namespace {

Json describe(const std::string& model) {
  return ask_plugin("sources/local-files", {{"verb", "describe"}, {"model", model}});
}

GgufBytes tiny_llama() {
  GgufBytes file;
  file.text("general.architecture", "llama").number("llama.block_count", 2).number("llama.embedding_length", 64);
  file.number("llama.attention.head_count", 4).number("llama.attention.head_count_kv", 2);
  file.number("llama.feed_forward_length", 128).number("llama.context_length", 2048);
  file.text("tokenizer.chat_template", std::string(10'000, 'x')).texts("tokenizer.ggml.tokens", 300);
  file.tensor("token_embd.weight", {64, 300}, 8, 300 * 2 * 34);  // Q8_0: 34 bytes a block of 32
  file.tensor("blk.0.attn_q.weight", {64, 64}, 2, 64 * 2 * 18);  // Q4_0: 18 bytes a block of 32
  file.tensor("blk.1.attn_q.weight", {64, 64}, 2, 64 * 2 * 18);
  return file.tensor("output_norm.weight", {64}, 0, 64 * 4);
}

// The message for a GGUF file of these bytes, without the file's name.
std::string failure_of(const std::string& bytes) {
  const TempDir dir;
  const auto file = dir.put("model.gguf", bytes);
  const auto message = plugin_failure("sources/local-files", {{"verb", "describe"}, {"model", file}});
  return message.starts_with(file + ": ") ? message.substr(file.size() + 2) : "elsewhere: " + message;
}

}  // namespace

TEST_CASE("a GGUF file gives a config.json, exact bytes per type and the number of elements", "[plugins]") {
  const TempDir dir;
  const auto record = describe(dir.put("model.gguf", tiny_llama().bytes()));
  CHECK(record["config"] == Json::parse(R"({"architectures": ["LlamaForCausalLM"], "model_type": "llama",
    "num_hidden_layers": 2, "hidden_size": 64, "num_attention_heads": 4, "num_key_value_heads": 2,
    "intermediate_size": 128, "max_position_embeddings": 2048, "vocab_size": 300, "tie_word_embeddings": true,
    "quantization_config": {"quant_method": "gguf"}})"));
  CHECK(record["gguf"] == Json::parse(R"({"version": 3, "architecture": "llama", "tensors": 4, "types": {
    "F32": {"tensors": 1, "elements": 64, "bytes": 256},
    "Q4_0": {"tensors": 2, "elements": 8192, "bytes": 4608},
    "Q8_0": {"tensors": 1, "elements": 19200, "bytes": 20400}}})"));
  CHECK(record["weights_bytes"] == 25264);
  CHECK(record["params"] == 27456);
  CHECK(record["params_basis"] == "GGUF tensor list");
  CHECK(record["tensors"][0] == Json::parse(R"({"pattern": "blk.*.attn_q.weight", "dtype": "Q4_0", "shape": [64, 64],
    "count": 2, "bytes": 4608, "at": [[0, 1, 1]]})"));
  CHECK(record["tensors"][2]["shape"] == Json({300, 64}));
}

TEST_CASE("a folder with one GGUF model is that model; with several, one must be named", "[plugins]") {
  const TempDir dir;
  dir.put("a-Q4_0.gguf", tiny_llama().bytes());
  dir.put("mmproj-a.gguf", "not looked at");
  CHECK(describe(dir.path())["weights_bytes"] == 25264);
  dir.put("a-Q8_0.gguf", tiny_llama().bytes());
  CHECK(plugin_failure("sources/local-files", {{"verb", "describe"}, {"model", dir.path()}}) ==
        dir.path() + ": no config.json and 2 GGUF models in this folder, expected the path of one, for example " +
            dir.path("a-Q4_0.gguf"));
}

TEST_CASE("the parts of a split GGUF model are added up", "[plugins]") {
  const TempDir dir;
  dir.put("big-00001-of-00002.gguf", tiny_llama().bytes());
  CHECK(plugin_failure("sources/local-files", {{"verb", "describe"}, {"model", dir.path()}}) ==
        dir.path("big-00001-of-00002.gguf") + ": part 2 is missing, expected " + dir.path("big-00002-of-00002.gguf"));
  const auto second = dir.put("big-00002-of-00002.gguf", GgufBytes().tensor("output.weight", {64}, 1, 128).bytes());
  CHECK(describe(dir.path())["weights_bytes"] == 25264 + 128);
  CHECK(describe(second)["config"]["tie_word_embeddings"] == false);
}

TEST_CASE("experts, latent attention and widths keep the names of their families", "[plugins]") {
  const TempDir dir;
  GgufBytes deepseek;
  deepseek.text("general.architecture", "deepseek2").number("deepseek2.expert_count", 256);
  deepseek.number("deepseek2.expert_used_count", 8).number("deepseek2.expert_shared_count", 1);
  deepseek.number("deepseek2.expert_gating_func", 2).number("deepseek2.leading_dense_block_count", 3);
  deepseek.number("deepseek2.attention.head_count", 128).number("deepseek2.attention.head_count_kv", 1);
  deepseek.number("deepseek2.attention.kv_lora_rank", 512).number("deepseek2.attention.q_lora_rank", 1536);
  deepseek.number("deepseek2.attention.key_length", 576).number("deepseek2.attention.key_length_mla", 192);
  deepseek.number("deepseek2.attention.value_length_mla", 128).number("deepseek2.rope.dimension_count", 64);
  CHECK(describe(dir.put("v3.gguf", deepseek.bytes()))["config"] ==
        Json::parse(R"({"architectures": ["DeepseekV3ForCausalLM"], "model_type": "deepseek_v3",
    "n_routed_experts": 256, "num_experts_per_tok": 8, "n_shared_experts": 1, "first_k_dense_replace": 3,
    "num_attention_heads": 128, "num_key_value_heads": 128, "kv_lora_rank": 512, "q_lora_rank": 1536,
    "qk_rope_head_dim": 64, "qk_nope_head_dim": 128, "v_head_dim": 128, "tie_word_embeddings": true,
    "quantization_config": {"quant_method": "gguf"}})"));

  GgufBytes mixtral;
  mixtral.text("general.architecture", "llama").number("llama.expert_count", 8);
  const auto config = describe(dir.put("mixtral.gguf", mixtral.bytes()))["config"];
  CHECK(config["architectures"] == Json{"MixtralForCausalLM"});
  CHECK(config["num_local_experts"] == 8);
}

TEST_CASE("a list with one number a layer is reduced to the largest, and said", "[plugins]") {
  const TempDir dir;
  GgufBytes file;
  file.text("general.architecture", "gemma3").numbers("gemma3.attention.head_count_kv", {4, 8, 4});
  file.numbers("gemma3.feed_forward_length", {96, 96}).number("gemma3.attention.key_length", 256);
  const auto path = dir.put("m.gguf", file.bytes());
  const auto record = describe(path);
  CHECK(record["config"]["num_key_value_heads"] == 8);
  CHECK(record["config"]["intermediate_size"] == 96);
  CHECK(record["config"]["head_dim"] == 256);
  CHECK(record["notes"] ==
        Json{path + ": gemma3.attention.head_count_kv differs from layer to layer; the largest is used"});
}

TEST_CASE("an architecture that nobody knows is passed on by name", "[plugins]") {
  const TempDir dir;
  const auto path = dir.put("m.gguf", GgufBytes().text("general.architecture", "brandnew").bytes());
  const auto record = describe(path);
  CHECK(record["config"]["architectures"] == Json{"brandnew"});
  CHECK(record["notes"] == Json{path + ": GGUF architecture 'brandnew' is not known here"});
}

TEST_CASE("a file that is no GGUF file of a known version is refused", "[plugins]") {
  CHECK(failure_of("") == "does not begin with 'GGUF', expected a GGUF file");
  CHECK(failure_of("PK\x03\x04 and more") == "does not begin with 'GGUF', expected a GGUF file");
  CHECK(failure_of(GgufBytes(1).bytes()) == "has GGUF version 1, expected 2 or 3");
  CHECK(failure_of(GgufBytes(0x03000000).bytes()) == "is a big-endian GGUF file, expected a little-endian one");
  CHECK(failure_of(GgufBytes().bytes()) == "no general.architecture, expected a GGUF file that holds a language model");
}

TEST_CASE("lying counts in a GGUF header are held against the size of the file", "[plugins]") {
  constexpr auto lie = 9223372036854775807u;
  CHECK(failure_of(GgufBytes().claims(lie, 0).bytes()) ==
        "header says 9223372036854775807 tensors, but the file has room for at most 0");
  CHECK(failure_of(GgufBytes().claims(0, lie).bytes()) ==
        "header says 9223372036854775807 key-values, but the file has room for at most 0");
  CHECK(failure_of(GgufBytes().pair("k", 8, little_endian(lie, 8)).bytes()) ==
        "header says 9223372036854775807 bytes for a text, but the file has 64");
  CHECK(failure_of(GgufBytes().pair("k", 9, little_endian(4, 4) + little_endian(lie, 8)).bytes()) ==
        "header says 9223372036854775807 values in a list, but the file has room for at most 3");
  CHECK(failure_of(GgufBytes().pair("k", 13, "").bytes()) == "key 'k' has unknown type 13, expected 0 to 12");
  CHECK(failure_of(GgufBytes().number("k", 1).number("k", 2).bytes()) == "key 'k' appears twice");
}

TEST_CASE("lists in lists end somewhere", "[plugins]") {
  std::string nested;
  for (int i = 0; i < 100; ++i) nested += little_endian(9, 4) + little_endian(1, 8);
  CHECK(failure_of(GgufBytes().pair("k", 9, nested).bytes()) == "key 'k': lists nested deeper than 4 levels");
}

TEST_CASE("a GGUF file that was cut off says where it ends and where it should", "[plugins]") {
  const auto whole = tiny_llama().bytes();
  CHECK(failure_of(whole.substr(0, whole.size() - 64)) == "is cut off: its tensors end at byte " +
                                                              std::to_string(whole.size()) + ", but the file has " +
                                                              std::to_string(whole.size() - 64));
  CHECK(failure_of(whole.substr(0, 300)) == "ends inside a value: 4 bytes needed at byte 300, but the file has 300");
  CHECK(failure_of(whole.substr(0, 14)) == "ends inside a count: 8 bytes needed at byte 8, but the file has 14");
}

TEST_CASE("tensors that cannot be are named", "[plugins]") {
  constexpr auto huge = std::uint64_t{1} << 40;
  CHECK(failure_of(GgufBytes().tensor("w", {32}, 77, 0).bytes()) == "tensor 'w': unknown type 77");
  CHECK(failure_of(GgufBytes().tensor("w", {33}, 2, 0).bytes()) ==
        "tensor 'w': its rows have 33 elements, expected a multiple of 32 for Q4_0");
  CHECK(failure_of(GgufBytes().tensor("w", {huge, huge}, 2, 0).bytes()) ==
        "tensor 'w': needs more bytes than the file has (96)");
  CHECK(failure_of(GgufBytes().tensor("w", {1, 1, 1, 1, 1}, 0, 0).bytes()) ==
        "tensor 'w': 5 dimensions, expected at most 4");
}

}  // namespace vw::test
