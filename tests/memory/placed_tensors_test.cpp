// Weights from the headers of a checkpoint: the same as from the shapes where its config tells the truth, and right
// where it does not.
#include "memory/vllm_lab.hpp"
#include "support/catch.hpp"
#include "support/checkpoint_headers.hpp"
#include "vllm-memory/weights.hpp"

#include <algorithm>

using namespace vw;
using namespace vw::test;

namespace {

namespace memory = vllm_memory;

// The shipped tables and scripts, and folders as a source.
class LocalModels {
 public:
  LocalModels() {
    const lua::Host host{&disk_files(), &catalog_, nullptr};
    lua::index_scripts(shipped_scripts, Origin::Rank::installed, host, catalog_);
    index_gpu_db(shipped_gpu_db, Origin::Rank::installed, disk_files(), catalog_);
    native::index_plugins(VW_BINARY_DIR "/plugins", Origin::Rank::installed, catalog_);
    catalog_.seal();
    defaults_ = read_defaults(catalog_);
  }
  Scenario scenario(const std::string& folder, const Json& serving = Json::object()) const {
    Request request = request_for(folder, "h100-sxm5-80gb", 8);
    request.source = "local-files";
    request.serving = serving;
    return gather(catalog_, defaults_, request);
  }

 private:
  Catalog catalog_;
  Defaults defaults_;
};

const LocalModels& local_models() {
  static const LocalModels models;
  return models;
}

// One checkpoint, asked for its weights.
class Checkpoint {
 public:
  explicit Checkpoint(const Json& config, const Headers& headers = {}, const Json& serving = Json::object())
      : scenario_(local_models().scenario(put_checkpoint(dir_, "model", config, headers), serving)),
        settings_(memory::read_settings(to_text(scenario_.settings()))) {}

  double stage(const memory::Layout& layout, int stage) const {
    return memory::stage_weights({settings_, settings_.releases[0], settings_.gpus[0], *settings_.formats[0], layout},
                                 stage)
        .best;
  }
  double on_ranks(double tensor) const { return stage({.tensor = tensor}, 0); }
  // { tp 1, tp 2, tp 4, both stages of pp 2, experts over 2 ranks }
  std::vector<double> all_layouts() const {
    return {on_ranks(1),
            on_ranks(2),
            on_ranks(4),
            stage({.pipeline = 2}, 0),
            stage({.pipeline = 2}, 1),
            stage({.tensor = 2, .experts_split = true}, 0)};
  }
  double both_stages() const { return stage({.pipeline = 2}, 0) + stage({.pipeline = 2}, 1); }

  const memory::PlacedTensors& tensors() const { return settings_.model.tensors; }
  const Scenario& scenario() const { return scenario_; }
  bool warns_of(const std::string& words) const {
    const auto& texts = scenario_.model.warnings;
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return text.find(words) != std::string::npos; });
  }

 private:
  TempDir dir_;
  Scenario scenario_;
  memory::Settings settings_;
};

// Every tensor has its matrix, every matrix its tensor, and the bytes are those of the shapes, in every layout.
void check_truthful(const Json& config, const Headers& headers) {
  const Checkpoint placed(config, headers), shapes(config);
  CHECK(placed.tensors().is_exact);
  CHECK(placed.scenario().model.warnings == std::vector<std::string>{});
  CHECK(placed.all_layouts() == shapes.all_layouts());
  CHECK(shapes.tensors().count == 0);
}

Json quantized(Json config, const Json& quantization) {
  config["quantization_config"] = quantization;
  return config;
}

const Json fp8_block = {{"quant_method", "fp8"}, {"weight_block_size", {128, 128}}};
constexpr double rope_bytes = 4096 * 64 * 2;  // one table a stage

}  // namespace

TEST_CASE("a plain decoder's tensors are its shapes, and its stages add up to the whole", "[memory]") {
  const SmallDecoder small;
  const Headers headers = SmallDecoder::headers(stored_as::bf16);
  check_truthful(small.config, headers);
  const Checkpoint placed(small.config, headers);
  CHECK(placed.tensors().placed == 4 * 9 + 3);
  CHECK(placed.both_stages() - rope_bytes == placed.on_ranks(1));
}

TEST_CASE("a tied head is not loaded, but stands on both ends of a pipeline", "[memory]") {
  Json config = SmallDecoder().config;
  config["tie_word_embeddings"] = true;
  const Headers headers = SmallDecoder::headers(stored_as::bf16);  // the file has lm_head all the same
  check_truthful(config, headers);
  const Checkpoint placed(config, headers);
  const double embedding = 1024 * 512 * 2;  // 1000 rows, padded
  CHECK(placed.both_stages() - rope_bytes - embedding == placed.on_ranks(1));
}

TEST_CASE("32-bit tensors are loaded into 16-bit parameters", "[memory]") {
  Headers headers = SmallDecoder::headers(stored_as::bf16);
  for (auto& [name, tensor] : headers) tensor.dtype = "F32";
  headers["model.layers.0.self_attn.rotary_emb.inv_freq"] = {"F32", {32}};  // computed, not loaded
  check_truthful(SmallDecoder().config, headers);
}

TEST_CASE("layers that an fp8 checkpoint keeps in 16 bit count so, told by its config or not", "[memory]") {
  const auto keeps = [](std::uint64_t layer) { return layer == 0; };
  const Headers headers = SmallDecoder::headers(stored_as::fp8_block, keeps);
  Json listed = fp8_block;
  listed["modules_to_not_convert"] = {"model.layers.0", "lm_head"};
  const Json truthful = quantized(SmallDecoder().config, listed), silent = quantized(SmallDecoder().config, fp8_block);
  check_truthful(truthful, headers);
  const Checkpoint told(truthful, headers), untold(silent, headers), believed(silent);
  CHECK(untold.all_layouts() == told.all_layouts());
  CHECK(untold.on_ranks(1) > believed.on_ranks(1));
  CHECK(
      untold.warns_of("4 matrices are stored otherwise than config.json says, the first "
                      "model.layers.*.self_attn.q_proj: bf16, not fp8-block; counted as stored"));
}

TEST_CASE("AWQ and GPTQ are placed with scales, zero points and group indices", "[memory]") {
  const Json awq = {{"quant_method", "awq"}, {"bits", 4}, {"group_size", 128}};
  check_truthful(quantized(SmallDecoder().config, awq), SmallDecoder::headers(stored_as::awq));
  const auto gptq = [](int group) { return Json{{"quant_method", "gptq"}, {"bits", 4}, {"group_size", group}}; };
  check_truthful(quantized(SmallDecoder().config, gptq(128)), SmallDecoder::headers(stored_as::gptq(128)));
  Json ordered = gptq(128);
  ordered["desc_act"] = true;
  check_truthful(quantized(SmallDecoder().config, ordered), SmallDecoder::headers(stored_as::gptq(128)));
  const double indices = 4 * (2 * 4.0 * (3 * 512 + 1024));  // two of 32 bits: inputs of qkv, o, gate and up, down
  CHECK(Checkpoint(quantized(SmallDecoder().config, ordered)).on_ranks(1) -
            Checkpoint(quantized(SmallDecoder().config, gptq(128))).on_ranks(1) ==
        indices);
  const Checkpoint lying(quantized(SmallDecoder().config, gptq(128)), SmallDecoder::headers(stored_as::gptq(64)));
  CHECK(lying.all_layouts() == Checkpoint(quantized(SmallDecoder().config, gptq(64))).all_layouts());
}

TEST_CASE("an NVFP4 build that keeps attention in fp8 without a word is counted as it is", "[memory]") {
  Headers headers;
  SmallDecoder::put_ends(headers);
  for (std::uint64_t index = 0; index < SmallDecoder::layers; ++index) {
    SmallDecoder::put_attention(headers, SmallDecoder::layer(index), stored_as::fp8);
    SmallDecoder::put_dense(headers, SmallDecoder::layer(index) + "mlp.", stored_as::nvfp4);
  }
  const Json weights = {{"num_bits", 4}, {"type", "float"}, {"group_size", 16}};
  const Json declared = {{"quant_method", "compressed-tensors"},
                         {"config_groups", {{"group_0", {{"weights", weights}}}}},
                         {"ignore", {"lm_head"}}};
  const Checkpoint placed(quantized(SmallDecoder().config, declared), headers);
  CHECK(placed.tensors().is_exact);
  CHECK(placed.warns_of("8 matrices are stored otherwise than config.json says"));
  const auto& group = placed.scenario().model.groups.at(0);
  CHECK(group.layers.size() == 4);
  for (const Matrix& matrix : group.matrices) {
    const bool is_attention = matrix.role == "qkv" || matrix.role == "o";
    CHECK(matrix.stored_as == (matrix.role == "norm" ? "bf16" : is_attention ? "fp8" : "nvfp4"));
  }
}

namespace {

constexpr std::uint64_t experts = 8, width = 256;

Json mixture_config() {
  Json config = SmallDecoder().config;
  config["architectures"] = {"MixtralForCausalLM"};
  config["num_local_experts"] = experts;
  config["num_experts_per_tok"] = 2;
  config["intermediate_size"] = width;
  return config;
}

Headers mixture_attention() {
  Headers h;
  SmallDecoder::put_ends(h);
  for (std::uint64_t index = 0; index < SmallDecoder::layers; ++index) {
    SmallDecoder::put_attention(h, SmallDecoder::layer(index), stored_as::bf16);
    h[SmallDecoder::layer(index) + "block_sparse_moe.gate.weight"] = {"BF16", {experts, 512}};
  }
  return h;
}

Headers mixture(const Storer& store) {
  Headers h = mixture_attention();
  for (std::uint64_t index = 0; index < SmallDecoder::layers; ++index)
    for (std::uint64_t expert = 0; expert < experts; ++expert) {
      const std::string at = SmallDecoder::layer(index) + "block_sparse_moe.experts." + std::to_string(expert) + ".";
      store(h, at + "w1", width, 512);
      store(h, at + "w3", width, 512);
      store(h, at + "w2", 512, width);
    }
  return h;
}

}  // namespace

TEST_CASE("experts are placed one by one and stacked alike", "[memory]") {
  check_truthful(mixture_config(), mixture(stored_as::bf16));
  Headers stacked = mixture_attention();
  for (std::uint64_t index = 0; index < SmallDecoder::layers; ++index) {
    const std::string at = SmallDecoder::layer(index) + "block_sparse_moe.experts.";
    stacked[at + "gate_up_proj"] = {"BF16", {experts, 512, 2 * width}};
    stacked[at + "down_proj"] = {"BF16", {experts, width, 512}};
  }
  check_truthful(mixture_config(), stacked);
  Json listed = fp8_block;
  listed["modules_to_not_convert"] = {"gate", "lm_head", "self_attn"};
  check_truthful(quantized(mixture_config(), listed), mixture(stored_as::fp8_block));
}

TEST_CASE("gpt-oss keeps only experts in MXFP4, in blocks and scales of their own", "[memory]") {
  Json config = mixture_config();
  config["architectures"] = {"GptOssForCausalLM"};
  config["sliding_window"] = 128;
  config["quantization_config"] = {{"quant_method", "mxfp4"}};
  Headers h;
  SmallDecoder::put_ends(h);
  for (std::uint64_t index = 0; index < SmallDecoder::layers; ++index) {
    const std::string at = SmallDecoder::layer(index);
    SmallDecoder::put_attention(h, at, stored_as::bf16);
    for (const auto& [name, rows] : {std::pair{"q", 512}, {"k", 256}, {"v", 256}, {"o", 512}})
      h[at + "self_attn." + name + "_proj.bias"] = {"BF16", {static_cast<std::uint64_t>(rows)}};
    h[at + "self_attn.sinks"] = {"BF16", {8}};
    h[at + "mlp.router.weight"] = {"BF16", {experts, 512}};
    h[at + "mlp.router.bias"] = {"BF16", {experts}};
    h[at + "mlp.experts.gate_up_proj_blocks"] = {"U8", {experts, 2 * width, 512 / 32, 16}};
    h[at + "mlp.experts.gate_up_proj_scales"] = {"U8", {experts, 2 * width, 512 / 32}};
    h[at + "mlp.experts.gate_up_proj_bias"] = {"BF16", {experts, 2 * width}};
    h[at + "mlp.experts.down_proj_blocks"] = {"U8", {experts, 512, width / 32, 16}};
    h[at + "mlp.experts.down_proj_scales"] = {"U8", {experts, 512, width / 32}};
    h[at + "mlp.experts.down_proj_bias"] = {"BF16", {experts, 512}};
  }
  check_truthful(config, h);
}

TEST_CASE("a vision tower's separate projections are found, and left out with --language-model-only", "[memory]") {
  const Json vision = {
      {"model_type", "clip_vision_model"}, {"hidden_size", 128}, {"intermediate_size", 256}, {"num_hidden_layers", 2},
      {"num_attention_heads", 2},          {"image_size", 28},   {"patch_size", 14}};
  Json text = SmallDecoder().config;
  text["model_type"] = "llama";
  const Json config = {
      {"architectures", {"LlavaForConditionalGeneration"}}, {"text_config", text}, {"vision_config", vision}};
  Headers h;
  for (const auto& [name, tensor] : SmallDecoder::headers(stored_as::bf16)) h["language_model." + name] = tensor;
  const std::string tower = "vision_tower.vision_model.";
  const auto linear = [&](const std::string& name, std::uint64_t rows, std::uint64_t inputs) {
    h[name + ".weight"] = {"BF16", {rows, inputs}};
    h[name + ".bias"] = {"BF16", {rows}};
  };
  const auto norm = [&](const std::string& name) { h[name + ".weight"] = h[name + ".bias"] = {"BF16", {128}}; };
  for (const std::string layer : {"0", "1"}) {
    const std::string at = tower + "encoder.layers." + layer + ".";
    for (const std::string name : {"q_proj", "k_proj", "v_proj", "out_proj"})
      linear(at + "self_attn." + name, 128, 128);
    linear(at + "mlp.fc1", 256, 128);
    linear(at + "mlp.fc2", 128, 256);
    norm(at + "layer_norm1");
    norm(at + "layer_norm2");
  }
  norm(tower + "pre_layrnorm");
  norm(tower + "post_layernorm");
  h[tower + "embeddings.class_embedding"] = {"BF16", {128}};
  h[tower + "embeddings.patch_embedding.weight"] = {"BF16", {128, 3, 14, 14}};
  h[tower + "embeddings.position_embedding.weight"] = {"BF16", {5, 128}};
  linear("multi_modal_projector.linear_1", 512, 128);
  linear("multi_modal_projector.linear_2", 512, 512);
  check_truthful(config, h);
  const Checkpoint text_only(config, h, {{"language_model_only", true}});
  CHECK(text_only.on_ranks(1) == Checkpoint(SmallDecoder().config).on_ranks(1));
}

TEST_CASE("layers that predict further tokens are loaded when speculation asks for them", "[memory]") {
  Json config = SmallDecoder().config;
  config["architectures"] = {"MiMoForCausalLM"};
  config["num_nextn_predict_layers"] = 1;
  Headers h = SmallDecoder::headers(stored_as::bf16);
  const auto biases = [&](const std::string& at) {
    for (const auto& [name, rows] : {std::pair{"q", 512}, {"k", 256}, {"v", 256}})
      h[at + "self_attn." + name + "_proj.bias"] = {"BF16", {static_cast<std::uint64_t>(rows)}};
  };
  for (std::uint64_t index = 0; index < SmallDecoder::layers; ++index) biases(SmallDecoder::layer(index));
  const std::string at = "model.mtp_layers.0.";
  SmallDecoder::put_attention(h, at, stored_as::bf16);
  SmallDecoder::put_dense(h, at + "mlp.", stored_as::bf16);
  biases(at);
  for (const std::string name : {"token_layernorm", "hidden_layernorm", "final_layernorm"})
    h[at + name + ".weight"] = {"BF16", {512}};
  h[at + "input_proj.weight"] = {"BF16", {512, 1024}};
  check_truthful(config, h);
  const Json speculative = {{"speculative", {{"method", "mtp"}, {"tokens", 1}}}};
  const double one_layer = 2 * (512 * 1024 + 512 * 512 + 3 * 512 * 1024 + 512 * 1024);
  const double more = Checkpoint(config, h, speculative).on_ranks(1) - Checkpoint(config, h).on_ranks(1);
  CHECK(more == Approx(one_layer).epsilon(0.005));
  CHECK(more == Checkpoint(config, {}, speculative).on_ranks(1) - Checkpoint(config).on_ranks(1));
}

TEST_CASE("tensors that nothing explains are counted on every rank of their stage and named", "[memory]") {
  Headers headers = SmallDecoder::headers(stored_as::bf16);
  headers["model.layers.3.adapter.weight"] = {"F32", {100, 100}};
  const Checkpoint placed(SmallDecoder().config, headers), plain(SmallDecoder().config);
  CHECK_FALSE(placed.tensors().is_exact);
  CHECK(placed.on_ranks(4) - plain.on_ranks(4) == 100 * 100 * 2);
  CHECK(placed.stage({.pipeline = 2}, 0) == plain.stage({.pipeline = 2}, 0));
  CHECK(placed.stage({.pipeline = 2}, 1) - plain.stage({.pipeline = 2}, 1) == 100 * 100 * 2);
  CHECK(placed.warns_of("no matrix of the family explains, counted on every GPU: model.layers.*.adapter.weight"));
}

TEST_CASE("a matrix without a tensor, and one of another size, count by shape and are named", "[memory]") {
  Headers headers = SmallDecoder::headers(stored_as::bf16);
  headers.erase("lm_head.weight");
  headers["model.embed_tokens.weight"].shape = {900, 512};
  const Checkpoint placed(SmallDecoder().config, headers);
  CHECK_FALSE(placed.tensors().is_exact);
  CHECK(placed.warns_of("hold no tensor for lm_head"));
  CHECK(placed.warns_of("tensors of another size or format than the family counts: model.embed_tokens"));
  CHECK(placed.all_layouts() == Checkpoint(SmallDecoder().config).all_layouts());
}

TEST_CASE("layers that config.json does not list are left out and named, unless the model predicts tokens",
          "[memory]") {
  Headers headers = SmallDecoder::headers(stored_as::bf16);
  SmallDecoder::put_attention(headers, "model.layers.9.", stored_as::bf16);
  const Checkpoint placed(SmallDecoder().config, headers);
  CHECK(placed.warns_of("holds layers up to number 9, but config.json lists 4: left out, vLLM may refuse to load it"));
  Json predicting = SmallDecoder().config;
  predicting["num_nextn_predict_layers"] = 1;
  CHECK_FALSE(Checkpoint(predicting, headers).warns_of("holds layers up to number 9"));
}

TEST_CASE("a checkpoint under names that nobody knows is counted once, by shape", "[memory]") {
  Headers foreign;
  for (const auto& [name, tensor] : SmallDecoder::headers(stored_as::bf16)) foreign["other." + name + ".data"] = tensor;
  const Checkpoint placed(SmallDecoder().config, foreign);
  CHECK(placed.all_layouts() == Checkpoint(SmallDecoder().config).all_layouts());
  CHECK(placed.warns_of("hold no tensor for"));
}

TEST_CASE("the explanation says how many tensors were placed", "[memory]") {
  const Checkpoint placed(SmallDecoder().config, SmallDecoder::headers(stored_as::bf16));
  const Json words = MemoryJudge(vw::test::vllm_memory(), placed.scenario()).explain(on_gpus(1));
  const auto& terms = words.at("terms");
  const auto weights =
      std::find_if(terms.begin(), terms.end(), [](const Json& term) { return term.at("name") == "weights"; });
  REQUIRE(weights != terms.end());
  CHECK(weights->at("inputs").get<std::string>().find("placed from 39 tensors of the headers") != std::string::npos);
  CHECK(weights->at("grade") == "exact");
}
