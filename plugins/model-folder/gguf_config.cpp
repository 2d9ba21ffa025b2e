// The table that turns GGUF's key-values (github.com/ggml-org/llama.cpp, gguf-py/gguf/constants.py) into the
// config.json that the same model has on the Hub.
#include "model-folder/files.hpp"
#include "model-folder/gguf.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace vw::checkpoint {

namespace {

struct Architecture {
  const char *gguf, *name, *model_type;
  const char* experts;  // what this family calls the number of experts
};

constexpr Architecture architectures[] = {
    {"llama", "LlamaForCausalLM", "llama", "num_local_experts"},
    {"llama4", "Llama4ForCausalLM", "llama4_text", "num_local_experts"},
    {"mistral3", "MistralForCausalLM", "mistral", ""},
    {"mixtral", "MixtralForCausalLM", "mixtral", "num_local_experts"},
    {"qwen", "QWenLMHeadModel", "qwen", ""},
    {"qwen2", "Qwen2ForCausalLM", "qwen2", ""},
    {"qwen2moe", "Qwen2MoeForCausalLM", "qwen2_moe", "num_experts"},
    {"qwen3", "Qwen3ForCausalLM", "qwen3", ""},
    {"qwen3moe", "Qwen3MoeForCausalLM", "qwen3_moe", "num_experts"},
    {"gemma", "GemmaForCausalLM", "gemma", ""},
    {"gemma2", "Gemma2ForCausalLM", "gemma2", ""},
    {"gemma3", "Gemma3ForCausalLM", "gemma3_text", ""},
    {"phi2", "PhiForCausalLM", "phi", ""},
    {"phi3", "Phi3ForCausalLM", "phi3", ""},
    {"phimoe", "PhiMoEForCausalLM", "phimoe", "num_local_experts"},
    {"deepseek", "DeepseekForCausalLM", "deepseek", "n_routed_experts"},
    {"deepseek2", "DeepseekV2ForCausalLM", "deepseek_v2", "n_routed_experts"},
    {"gpt-oss", "GptOssForCausalLM", "gpt_oss", "num_local_experts"},
    {"glm4", "Glm4ForCausalLM", "glm4", ""},
    {"glm4moe", "Glm4MoeForCausalLM", "glm4_moe", "n_routed_experts"},
    {"command-r", "CohereForCausalLM", "cohere", ""},
    {"cohere2", "Cohere2ForCausalLM", "cohere2", ""},
    {"olmo", "OlmoForCausalLM", "olmo", ""},
    {"olmo2", "Olmo2ForCausalLM", "olmo2", ""},
    {"olmoe", "OlmoeForCausalLM", "olmoe", "num_experts"},
    {"granite", "GraniteForCausalLM", "granite", ""},
    {"granitemoe", "GraniteMoeForCausalLM", "granitemoe", "num_local_experts"},
    {"falcon", "FalconForCausalLM", "falcon", ""},
    {"starcoder2", "Starcoder2ForCausalLM", "starcoder2", ""},
    {"stablelm", "StableLmForCausalLM", "stablelm", ""},
    {"internlm2", "InternLM2ForCausalLM", "internlm2", ""},
    {"minicpm", "MiniCPMForCausalLM", "minicpm", ""},
    {"minicpm3", "MiniCPM3ForCausalLM", "minicpm3", ""},
    {"nemotron", "NemotronForCausalLM", "nemotron", ""},
    {"exaone", "ExaoneForCausalLM", "exaone", ""},
    {"exaone4", "Exaone4ForCausalLM", "exaone4", ""},
    {"smollm3", "SmolLM3ForCausalLM", "smollm3", ""},
    {"seed_oss", "SeedOssForCausalLM", "seed_oss", ""},
    {"gpt2", "GPT2LMHeadModel", "gpt2", ""},
    {"bloom", "BloomForCausalLM", "bloom", ""},
    {"dbrx", "DbrxForCausalLM", "dbrx", ""},
};

struct KeyName {
  const char *gguf, *config;
};

// Keys that mean the same in every family; "<architecture>." stands before each in the file.
constexpr KeyName common_keys[] = {
    {"block_count", "num_hidden_layers"},
    {"embedding_length", "hidden_size"},
    {"feed_forward_length", "intermediate_size"},
    {"attention.head_count", "num_attention_heads"},
    {"attention.head_count_kv", "num_key_value_heads"},
    {"context_length", "max_position_embeddings"},
    {"vocab_size", "vocab_size"},
    {"attention.sliding_window", "sliding_window"},
    {"rope.freq_base", "rope_theta"},
    {"attention.layer_norm_rms_epsilon", "rms_norm_eps"},
    {"expert_used_count", "num_experts_per_tok"},
    {"expert_feed_forward_length", "moe_intermediate_size"},
    {"expert_shared_count", "n_shared_experts"},
    {"expert_shared_feed_forward_length", "shared_expert_intermediate_size"},
    {"leading_dense_block_count", "first_k_dense_replace"},
    {"nextn_predict_layers", "num_nextn_predict_layers"},
    {"attention.q_lora_rank", "q_lora_rank"},
    {"attention.kv_lora_rank", "kv_lora_rank"},
};

class Config {
 public:
  Config(const Gguf& gguf, Json& notes) : gguf_(gguf), notes_(notes), prefix_(gguf.architecture() + ".") {}

  Json make() {
    add_architecture();
    for (const auto& key : common_keys) copy(key.gguf, key.config);
    if (config_.contains("kv_lora_rank"))
      add_latent_attention();
    else
      copy("attention.key_length", "head_dim");
    add_vocabulary();
    config_["tie_word_embeddings"] = !gguf_.has_output;
    config_["quantization_config"] = {{"quant_method", "gguf"}};
    return config_;
  }

 private:
  const Json* find(const std::string& key) const {
    const auto found = gguf_.values.find(prefix_ + key);
    return found == gguf_.values.end() ? nullptr : &found->second;
  }

  // Hybrid models give a list, one number a layer; a config.json has one.
  Json one_number(const std::string& key) {
    const Json* value = find(key);
    if (value == nullptr || !value->is_array()) return value != nullptr && value->is_number() ? *value : Json();
    if (value->empty()) return {};
    const Json largest = *std::max_element(value->begin(), value->end());
    const bool differs = std::any_of(value->begin(), value->end(), [&](const Json& n) { return n != largest; });
    if (differs)
      notes_.push_back(gguf_.path + ": " + prefix_ + key + " differs from layer to layer; the largest is used");
    return largest;
  }

  void copy(const std::string& key, const char* name) {
    if (auto value = one_number(key); !value.is_null()) config_[name] = std::move(value);
  }

  void add_architecture() {
    const auto name = gguf_.architecture();
    const bool has_experts = one_number("expert_count").is_number() && one_number("expert_count") > 0;
    const auto* found = std::find_if(std::begin(architectures), std::end(architectures),
                                     [&](const Architecture& known) { return name == known.gguf; });
    if (found == std::end(architectures)) {
      config_["architectures"] = {name};
      notes_.push_back(gguf_.path + ": GGUF architecture " + shown(name) + " is not known here");
      if (has_experts) copy("expert_count", "num_experts");
      return;
    }
    // Mixtral calls itself llama in GGUF, DeepSeek-V3 deepseek2.
    const bool is_mixtral = name == "llama" && has_experts;
    const bool is_v3 = name == "deepseek2" && one_number("expert_gating_func") == gating_by_sigmoid;
    config_["architectures"] = {is_mixtral ? "MixtralForCausalLM" : is_v3 ? "DeepseekV3ForCausalLM" : found->name};
    config_["model_type"] = is_mixtral ? "mixtral" : is_v3 ? "deepseek_v3" : found->model_type;
    if (has_experts && *found->experts != '\0') copy("expert_count", found->experts);
  }

  // deepseek2: since April 2025 key_length is the width of the cache (kv_lora_rank + rope) and the heads' own widths
  // have the suffix _mla; before, key_length was the heads' width.
  void add_latent_attention() {
    const bool has_own_keys = find("attention.key_length_mla") != nullptr;
    const auto key = one_number(has_own_keys ? "attention.key_length_mla" : "attention.key_length");
    const auto rope = one_number("rope.dimension_count");
    copy(has_own_keys ? "attention.value_length_mla" : "attention.value_length", "v_head_dim");
    copy("attention.head_count", "num_key_value_heads");
    if (!key.is_number_unsigned() || !rope.is_number_unsigned() || key < rope) return;
    config_["qk_rope_head_dim"] = rope;
    config_["qk_nope_head_dim"] = key.get<std::uint64_t>() - rope.get<std::uint64_t>();
  }

  void add_vocabulary() {
    const auto tokens = gguf_.array_lengths.find("tokenizer.ggml.tokens");
    if (!config_.contains("vocab_size") && tokens != gguf_.array_lengths.end()) config_["vocab_size"] = tokens->second;
  }

  static constexpr int gating_by_sigmoid = 2;  // llama.cpp, LLAMA_EXPERT_GATING_FUNC_TYPE_SIGMOID

  const Gguf& gguf_;
  Json& notes_;
  std::string prefix_;
  Json config_ = Json::object();
};

}  // namespace

Json gguf_config(const Gguf& gguf, Json& notes) {
  if (gguf.architecture().empty())
    throw Failure(gguf.path, "no general.architecture, expected a GGUF file that holds a language model");
  return Config(gguf, notes).make();
}

}  // namespace vw::checkpoint
