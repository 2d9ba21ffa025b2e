-- What huggingface.co/mistralai publishes. README.md explains the fields.
local e = require("_entries")
local like, from = e.like, e.from

local codestral_22b = {
  architectures = { "MistralForCausalLM" }, model_type = "mistral", hidden_size = 6144, num_hidden_layers = 56,
  num_attention_heads = 48, num_key_value_heads = 8, intermediate_size = 16384, vocab_size = 32768,
  max_position_embeddings = 32768, tie_word_embeddings = false,
}
local devstral_small_2_24b = {
  architectures = { "Mistral3ForConditionalGeneration" }, model_type = "mistral3", multimodal_projector_bias = false,
  spatial_merge_size = 2,
  text_config = {
    model_type = "mistral", hidden_size = 5120, num_hidden_layers = 40, num_attention_heads = 32,
    num_key_value_heads = 8, head_dim = 128, intermediate_size = 32768, vocab_size = 131072,
    max_position_embeddings = 131072,
  },
  vision_config = {
    model_type = "pixtral", hidden_size = 1024, num_hidden_layers = 24, num_attention_heads = 16, head_dim = 64,
    intermediate_size = 4096, image_size = 1540, num_channels = 3, patch_size = 14,
  },
}
local mistral_7b = {
  architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 32000, max_position_embeddings = 32768, tie_word_embeddings = false,
}
local mistral_large = {
  architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16", hidden_size = 12288,
  num_hidden_layers = 88, num_attention_heads = 96, num_key_value_heads = 8, head_dim = 128,
  intermediate_size = 28672, vocab_size = 32768, max_position_embeddings = 131072, tie_word_embeddings = false,
}
local mixtral_8x7b = {
  architectures = { "MixtralForCausalLM" }, model_type = "mixtral", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 32000, max_position_embeddings = 32768, tie_word_embeddings = false, num_experts_per_tok = 2,
  num_local_experts = 8,
}
local mixtral_8x22b = {
  architectures = { "MixtralForCausalLM" }, model_type = "mixtral", torch_dtype = "bfloat16", hidden_size = 6144,
  num_hidden_layers = 56, num_attention_heads = 48, num_key_value_heads = 8, intermediate_size = 16384,
  vocab_size = 32768, max_position_embeddings = 65536, tie_word_embeddings = false, num_experts_per_tok = 2,
  num_local_experts = 8,
}

return vw.models {
  organisation = "mistralai",
  entries = {
    { id = "mistralai/Codestral-22B-v0.1", params = 22247282688, params_basis = "advertised",
      license = "other (mnpl)", config = like(codestral_22b, { torch_dtype = "bfloat16" }),
      source = from.hub("MrezaPRZ/codestral_bird_train @c674e76") },
    { id = "mistralai/Devstral-Small-2-24B-Instruct-2512", params = 24011361280, params_basis = "sibling",
      license = "apache-2.0",
      config = like(devstral_small_2_24b, {
        dtype = "bfloat16", tie_word_embeddings = false,
        text_config = {
          model_type = "ministral3", max_position_embeddings = 393216,
          rope_parameters = {
            factor = 48, original_max_position_embeddings = 8192, rope_type = "yarn", type = "yarn",
          },
        },
        quantization_config = {
          activation_scheme = "static",
          modules_to_not_convert = { "model.vision_tower", "model.multi_modal_projector", "lm_head" },
          quant_method = "fp8",
        },
      }),
      source = from.tt("Devstral-Small-2-24B-Instruct @b106eff") },
    { id = "mistralai/Ministral-3-3B-Instruct-2512", params = 3849090048, params_basis = "advertised",
      license = "apache-2.0",
      config = {
        architectures = { "Mistral3ForConditionalGeneration" }, model_type = "mistral3", dtype = "bfloat16",
        multimodal_projector_bias = false, projector_hidden_act = "gelu", spatial_merge_size = 2,
        text_config = {
          model_type = "ministral3", hidden_size = 3072, num_hidden_layers = 26, num_attention_heads = 32,
          num_key_value_heads = 8, head_dim = 128, intermediate_size = 9216, vocab_size = 131072,
          max_position_embeddings = 262144, tie_word_embeddings = true,
          rope_parameters = {
            factor = 16, original_max_position_embeddings = 16384, rope_type = "yarn", type = "yarn",
          },
        },
        vision_config = {
          model_type = "pixtral", hidden_size = 1024, num_hidden_layers = 24, num_attention_heads = 16, head_dim = 64,
          intermediate_size = 4096, image_size = 1540, num_channels = 3, patch_size = 14,
          rope_parameters = { rope_type = "default" },
        },
      },
      source = from.mlc("ministral3_3b_2512") },
    { id = "mistralai/Ministral-8B-Instruct-2410", params = 8019808256, params_basis = "advertised",
      license = "other (mrl)",
      config = {
        architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16",
        hidden_size = 4096, num_hidden_layers = 36, num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128,
        intermediate_size = 12288, vocab_size = 131072, max_position_embeddings = 32768, tie_word_embeddings = false,
        sliding_window = 32768,
      },
      source = from.hub("rivaon/sydney") },
    { id = "mistralai/Mistral-7B-Instruct-v0.1", params = 7241732096, params_basis = "sibling",
      license = "apache-2.0", config = mistral_7b, derived_from = "mistralai/Mistral-7B-v0.1", source = from.llmfit },
    { id = "mistralai/Mistral-7B-Instruct-v0.2", params = 7241732096, license = "apache-2.0", config = mistral_7b,
      source = from.ome("mistral_7b_instruct.json") },
    { id = "mistralai/Mistral-7B-Instruct-v0.3", params = 7248023552, license = "apache-2.0",
      config = like(mistral_7b, { vocab_size = 32768 }), source = from.mlc("mistral_7b_v03") },
    { id = "mistralai/Mistral-7B-v0.1", params = 7241732096, license = "apache-2.0", config = mistral_7b,
      source = from.mlc("mistral_7b") },
    { id = "mistralai/Mistral-Large-Instruct-2407", params = 122610069504, params_basis = "advertised",
      license = "other (mrl)", gated = true, config = mistral_large,
      source = from.hub("BigHuggyD/NeverSleep_Lumimaid-v0.2-123B_exl2 @1e3635a") },
    { id = "mistralai/Mistral-Large-Instruct-2411", params = 122610069504, params_basis = "advertised",
      license = "other (mrl)", gated = true, config = mistral_large,
      source = from.hub("NarrativAI/Cakrawala-123B @b5a1c17") },
    { id = "mistralai/Mistral-Nemo-Instruct-2407", params = 12247782400, license = "apache-2.0",
      config = {
        architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16",
        hidden_size = 5120, num_hidden_layers = 40, num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128,
        intermediate_size = 14336, vocab_size = 131072, max_position_embeddings = 131072, tie_word_embeddings = false,
      },
      source = from.hub("riple-saanvi-lab/Saanvi-C0-12B @24077ff") },
    { id = "mistralai/Mistral-Small-3.1-24B-Instruct-2503", params = 24011361280, params_basis = "sibling",
      license = "apache-2.0", config = like(devstral_small_2_24b, { torch_dtype = "bfloat16" }),
      source = from.hub("mistralai/Mistral-Small-3.1-24B-Instruct-2503") },
    { id = "mistralai/Mistral-Small-3.2-24B-Instruct-2506", params = 24011361280, params_basis = "sibling",
      license = "apache-2.0", config = like(devstral_small_2_24b, { torch_dtype = "bfloat16" }),
      derived_from = "mistralai/Mistral-Small-3.1-24B-Instruct-2503", source = from.llmfit },
    { id = "mistralai/Mistral-Small-24B-Instruct-2501", params = 23572403200, params_basis = "sibling",
      license = "apache-2.0",
      config = {
        architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16",
        hidden_size = 5120, num_hidden_layers = 40, num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128,
        intermediate_size = 32768, vocab_size = 131072, max_position_embeddings = 32768, tie_word_embeddings = false,
      },
      source = from.hub("unsloth GGUF repo @80ac7c8") },
    { id = "mistralai/Mistral-Small-Instruct-2409", params = 22247282688, params_basis = "advertised",
      license = "other (mrl)", gated = true, config = like(codestral_22b, { head_dim = 128 }),
      source = from.hub("minchyeom/letta @f76589d") },
    { id = "mistralai/Mixtral-8x7B-Instruct-v0.1", params = 46702792704, license = "apache-2.0",
      config = mixtral_8x7b, derived_from = "mistralai/Mixtral-8x7B-v0.1", source = from.llmfit },
    { id = "mistralai/Mixtral-8x7B-v0.1", params = 46702792704, params_basis = "sibling", license = "apache-2.0",
      config = mixtral_8x7b, source = from.aiconfigurator },
    { id = "mistralai/Mixtral-8x22B-Instruct-v0.1", params = 140630071296, license = "apache-2.0",
      config = mixtral_8x22b, derived_from = "mistralai/Mixtral-8x22B-v0.1", source = from.llmfit },
    { id = "mistralai/Mixtral-8x22B-v0.1", params = 140620634112, params_basis = "sibling", license = "apache-2.0",
      config = like(mixtral_8x22b, { vocab_size = 32000 }), source = from.aiconfigurator },
  },
}
