-- What huggingface.co/google publishes. README.md explains the fields.
local e = require("_entries")
local spell, kinds, from = e.spell, e.kinds, e.from

local vision_1152_27 = {
  model_type = "siglip_vision_model", hidden_size = 1152, num_hidden_layers = 27, num_attention_heads = 16,
  intermediate_size = 4304, image_size = 896, patch_size = 14, vision_use_head = false,
}
local gemma_3_4b = {
  architectures = { "Gemma3ForConditionalGeneration" }, model_type = "gemma3", torch_dtype = "bfloat16",
  mm_tokens_per_image = 256,
  text_config = {
    model_type = "gemma3_text", hidden_size = 2560, num_hidden_layers = 34, intermediate_size = 10240,
    sliding_window = 1024, rope_scaling = { factor = 8, rope_type = "linear" },
  },
  vision_config = vision_1152_27,
}
local gemma_3_12b = {
  architectures = { "Gemma3ForConditionalGeneration" }, model_type = "gemma3", torch_dtype = "bfloat16",
  mm_tokens_per_image = 256,
  text_config = {
    model_type = "gemma3_text", hidden_size = 3840, num_hidden_layers = 48, num_attention_heads = 16,
    num_key_value_heads = 8, intermediate_size = 15360, sliding_window = 1024,
    rope_scaling = { factor = 8, rope_type = "linear" },
  },
  vision_config = vision_1152_27,
}
local gemma_4_26b_a4b = {
  architectures = { "Gemma4ForConditionalGeneration" }, model_type = "gemma4", dtype = "bfloat16",
  tie_word_embeddings = true, vision_soft_tokens_per_image = 280,
  text_config = {
    model_type = "gemma4_text", hidden_size = 2816, num_hidden_layers = 30, num_attention_heads = 16,
    num_key_value_heads = 8, head_dim = 256, intermediate_size = 2112, vocab_size = 262144,
    max_position_embeddings = 262144, tie_word_embeddings = true, attention_bias = false, attention_k_eq_v = true,
    enable_moe_block = true, final_logit_softcapping = 30, global_head_dim = 512, hidden_size_per_layer_input = 0,
    moe_intermediate_size = 704, num_experts = 128, num_global_key_value_heads = 2, num_kv_shared_layers = 0,
    sliding_window = 1024, top_k_experts = 8, use_double_wide_mlp = false, vocab_size_per_layer_input = 262144,
    rope_parameters = {
      full_attention = { partial_rotary_factor = 0.25, rope_type = "proportional" },
      sliding_attention = { rope_type = "default" },
    },
    layer_types = spell("sssssf", kinds, 30),
  },
  vision_config = {
    model_type = "gemma4_vision", hidden_size = 1152, num_hidden_layers = 27, num_attention_heads = 16,
    num_key_value_heads = 16, head_dim = 72, intermediate_size = 4304, max_position_embeddings = 131072,
    attention_bias = false, default_output_length = 280, global_head_dim = 72, patch_size = 16,
    pooling_kernel_size = 3, position_embedding_size = 10240, rope_parameters = { rope_type = "default" },
  },
}
local gemma_7b = {
  architectures = { "GemmaForCausalLM" }, model_type = "gemma", torch_dtype = "bfloat16", hidden_size = 3072,
  num_hidden_layers = 28, num_attention_heads = 16, num_key_value_heads = 16, head_dim = 256,
  intermediate_size = 24576, vocab_size = 256000, max_position_embeddings = 8192,
}

return vw.models {
  organisation = "google",
  entries = {
    { id = "google/gemma-2-2b-it", params = 2614341888, license = "gemma", gated = true,
      config = {
        architectures = { "Gemma2ForCausalLM" }, model_type = "gemma2", torch_dtype = "bfloat16", hidden_size = 2304,
        num_hidden_layers = 26, num_attention_heads = 8, num_key_value_heads = 4, head_dim = 256,
        intermediate_size = 9216, vocab_size = 256000, max_position_embeddings = 8192, final_logit_softcapping = 30,
        sliding_window = 4096,
      },
      source = from.mlc("gemma2_2b") },
    { id = "google/gemma-2-9b-it", params = 9241705984, license = "gemma", gated = true,
      config = {
        architectures = { "Gemma2ForCausalLM" }, model_type = "gemma2", torch_dtype = "bfloat16", hidden_size = 3584,
        num_hidden_layers = 42, num_attention_heads = 16, num_key_value_heads = 8, head_dim = 256,
        intermediate_size = 14336, vocab_size = 256000, max_position_embeddings = 8192, final_logit_softcapping = 30,
        sliding_window = 4096,
      },
      source = from.mlc("gemma2_9b") },
    { id = "google/gemma-2-27b-it", params = 27227128320, license = "gemma", gated = true,
      config = {
        architectures = { "Gemma2ForCausalLM" }, model_type = "gemma2", torch_dtype = "bfloat16", hidden_size = 4608,
        num_hidden_layers = 46, num_attention_heads = 32, num_key_value_heads = 16, head_dim = 128,
        intermediate_size = 36864, vocab_size = 256000, max_position_embeddings = 8192, final_logit_softcapping = 30,
        sliding_window = 4096,
      },
      source = from.mlc("gemma2_27b") },
    { id = "google/gemma-2b-it", params = 2506172416, params_basis = "sibling", license = "gemma", gated = true,
      config = {
        architectures = { "GemmaForCausalLM" }, model_type = "gemma", torch_dtype = "bfloat16", hidden_size = 2048,
        num_hidden_layers = 18, num_attention_heads = 8, num_key_value_heads = 1, head_dim = 256,
        intermediate_size = 16384, vocab_size = 256000, max_position_embeddings = 8192,
      },
      source = from.mlc("gemma_2b") },
    { id = "google/gemma-3-1b-it", params = 999885952, license = "gemma", gated = true,
      config = {
        architectures = { "Gemma3ForCausalLM" }, model_type = "gemma3_text", torch_dtype = "bfloat16",
        hidden_size = 1152, num_hidden_layers = 26, num_attention_heads = 4, num_key_value_heads = 1, head_dim = 256,
        intermediate_size = 6912, vocab_size = 262144, max_position_embeddings = 32768, rope_local_base_freq = 10000,
        sliding_window = 512, sliding_window_pattern = 6,
      },
      source = from.mlc("gemma3_1b_it") },
    { id = "google/gemma-3-4b-it", params = 4300079472, license = "gemma", gated = true, config = gemma_3_4b,
      class_defaults = {
        text_config = {
          num_attention_heads = 8, num_key_value_heads = 4, head_dim = 256, vocab_size = 262208,
          max_position_embeddings = 131072, sliding_window_pattern = 6,
        },
      },
      source = from.hub("mlx-community/gemma-3-4b-it-bf16") },
    { id = "google/gemma-3-4b-pt", params = 4300079472, license = "gemma", gated = true, config = gemma_3_4b,
      class_defaults = {
        text_config = {
          num_attention_heads = 8, num_key_value_heads = 4, head_dim = 256, vocab_size = 262208,
          max_position_embeddings = 131072, sliding_window_pattern = 6,
        },
      },
      derived_from = "google/gemma-3-4b-it", source = from.llmfit },
    { id = "google/gemma-3-12b-it", params = 12187325040, params_basis = "sibling", license = "gemma", gated = true,
      config = gemma_3_12b,
      class_defaults = {
        text_config = {
          head_dim = 256, vocab_size = 262208, max_position_embeddings = 131072, sliding_window_pattern = 6,
        },
      },
      source = from.hub("mlx-community/gemma-3-12b-pt-4bit") },
    { id = "google/gemma-3-12b-pt", params = 12187325040, license = "gemma", gated = true, config = gemma_3_12b,
      class_defaults = {
        text_config = {
          head_dim = 256, vocab_size = 262208, max_position_embeddings = 131072, sliding_window_pattern = 6,
        },
      },
      derived_from = "google/gemma-3-12b-it", source = from.llmfit },
    { id = "google/gemma-3-27b-it", params = 27432406640, license = "gemma", gated = true,
      config = {
        architectures = { "Gemma3ForConditionalGeneration" }, model_type = "gemma3", torch_dtype = "bfloat16",
        mm_tokens_per_image = 256,
        text_config = {
          model_type = "gemma3_text", hidden_size = 5376, num_hidden_layers = 62, num_attention_heads = 32,
          num_key_value_heads = 16, head_dim = 128, intermediate_size = 21504, sliding_window = 1024,
          rope_scaling = { factor = 8, rope_type = "linear" },
        },
        vision_config = vision_1152_27,
      },
      class_defaults = {
        text_config = { vocab_size = 262208, max_position_embeddings = 131072, sliding_window_pattern = 6 },
      },
      source = from.ome("gemma3.json") },
    { id = "google/gemma-4-26B-A4B", params = 25805933872, config = gemma_4_26b_a4b, source = from.aiconfigurator },
    { id = "google/gemma-4-26B-A4B-it", params = 25805933872, config = gemma_4_26b_a4b,
      derived_from = "google/gemma-4-26B-A4B", source = from.llmfit },
    { id = "google/gemma-4-31B-it", params = 31273086512,
      config = {
        architectures = { "Gemma4ForConditionalGeneration" }, model_type = "gemma4", dtype = "bfloat16",
        tie_word_embeddings = true, vision_soft_tokens_per_image = 280,
        text_config = {
          model_type = "gemma4_text", hidden_size = 5376, num_hidden_layers = 60, num_attention_heads = 32,
          num_key_value_heads = 16, head_dim = 256, intermediate_size = 21504, vocab_size = 262144,
          max_position_embeddings = 262144, tie_word_embeddings = true, attention_bias = false,
          attention_k_eq_v = true, enable_moe_block = false, final_logit_softcapping = 30, global_head_dim = 512,
          hidden_size_per_layer_input = 0, num_global_key_value_heads = 4, num_kv_shared_layers = 0,
          sliding_window = 1024, use_double_wide_mlp = false, vocab_size_per_layer_input = 262144,
          rope_parameters = {
            full_attention = { partial_rotary_factor = 0.25, rope_type = "proportional" },
            sliding_attention = { rope_type = "default" },
          },
          layer_types = spell("sssssf", kinds, 60),
        },
        vision_config = {
          model_type = "gemma4_vision", hidden_size = 1152, num_hidden_layers = 27, num_attention_heads = 16,
          num_key_value_heads = 16, head_dim = 72, intermediate_size = 4304, max_position_embeddings = 131072,
          attention_bias = false, default_output_length = 280, global_head_dim = 72, image_seq_length = 280,
          patch_size = 16, pooling_kernel_size = 3, position_embedding_size = 10240, video_seq_length = 70,
          rope_parameters = { rope_type = "default" },
        },
      },
      derived_from = "nvidia/Gemma-4-31B-IT-NVFP4", source = from.llmfit },
    { id = "google/gemma-7b", params = 8537680896, params_basis = "sibling", license = "gemma", gated = true,
      config = gemma_7b, source = from.ome("gemma_7b.json") },
    { id = "google/gemma-7b-it", params = 8537680896, params_basis = "sibling", license = "gemma", gated = true,
      config = gemma_7b, derived_from = "google/gemma-7b", source = from.llmfit },
  },
}
