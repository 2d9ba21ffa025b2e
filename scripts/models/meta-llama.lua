-- What huggingface.co/meta-llama publishes. README.md explains the fields.
local e = require("_entries")
local like, from = e.like, e.from

local vision_1280_32 = {
  model_type = "mllama_vision_model", hidden_size = 1280, num_hidden_layers = 32, intermediate_size = 5120,
  attention_heads = 16, image_size = 560, intermediate_layers_indices = { 3, 7, 15, 23, 30 }, max_num_tiles = 4,
  num_channels = 3, num_global_layers = 8, patch_size = 14,
  supported_aspect_ratios = { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 1, 4 }, { 2, 1 }, { 2, 2 }, { 3, 1 }, { 4, 1 } },
  vision_output_dim = 7680,
}
local llama_2_7b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "float16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 11008,
  vocab_size = 32000, max_position_embeddings = 4096, tie_word_embeddings = false,
}
local llama_2_13b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "float16", hidden_size = 5120,
  num_hidden_layers = 40, num_attention_heads = 40, num_key_value_heads = 40, intermediate_size = 13824,
  vocab_size = 32000, max_position_embeddings = 4096, tie_word_embeddings = false,
}
local llama_2_70b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 8192,
  num_hidden_layers = 80, num_attention_heads = 64, num_key_value_heads = 8, intermediate_size = 28672,
  vocab_size = 128256, max_position_embeddings = 131072, tie_word_embeddings = false,
}
local llama_3_8b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 128256, max_position_embeddings = 131072, tie_word_embeddings = false,
}
local llama_3_1_405b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 16384,
  num_hidden_layers = 126, num_attention_heads = 128, num_key_value_heads = 8, intermediate_size = 53248,
  vocab_size = 128256, max_position_embeddings = 131072, tie_word_embeddings = false,
  rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
}
local llama_3_2_1b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 2048,
  num_hidden_layers = 16, num_attention_heads = 32, num_key_value_heads = 8, head_dim = 64, intermediate_size = 8192,
  vocab_size = 128256, max_position_embeddings = 131072, tie_word_embeddings = true,
  rope_scaling = { factor = 32, original_max_position_embeddings = 8192, rope_type = "llama3" },
}
local llama_3_2_3b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 3072,
  num_hidden_layers = 28, num_attention_heads = 24, num_key_value_heads = 8, head_dim = 128, intermediate_size = 8192,
  vocab_size = 128256, max_position_embeddings = 131072, tie_word_embeddings = true,
  rope_scaling = { factor = 32, original_max_position_embeddings = 8192, rope_type = "llama3" },
}

return vw.models {
  organisation = "meta-llama",
  entries = {
    { id = "meta-llama/Llama-2-7b-chat-hf", params = 6738415616, params_basis = "sibling", license = "llama2",
      gated = true, config = llama_2_7b, derived_from = "meta-llama/Llama-2-7b-hf", source = from.llmfit },
    { id = "meta-llama/Llama-2-7b-hf", params = 6738415616, license = "llama2", gated = true, config = llama_2_7b,
      source = from.hub("TheBloke/Llama-2-7B-AWQ") },
    { id = "meta-llama/Llama-2-13b-chat-hf", params = 13015864320, params_basis = "sibling", license = "llama2",
      gated = true, config = llama_2_13b, derived_from = "meta-llama/Llama-2-13b-hf", source = from.llmfit },
    { id = "meta-llama/Llama-2-13b-hf", params = 13015864320, params_basis = "sibling", license = "llama2",
      gated = true, config = llama_2_13b, source = from.mlc("llama2_13b") },
    { id = "meta-llama/Llama-2-70b-chat-hf", params = 68976648192, params_basis = "sibling", license = "llama2",
      gated = true,
      config = like(llama_2_70b, { torch_dtype = "float16", vocab_size = 32000, max_position_embeddings = 4096 }),
      derived_from = "meta-llama/Llama-2-70b-hf", source = from.llmfit },
    { id = "meta-llama/Llama-2-70b-hf", params = 68976648192, params_basis = "sibling", license = "llama2",
      gated = true,
      config = like(llama_2_70b, { torch_dtype = "float16", vocab_size = 32000, max_position_embeddings = 4096 }),
      source = from.hub("TheBloke/Llama-2-70B-AWQ @7a10ef7") },
    { id = "meta-llama/Llama-3.1-8B", params = 8030261248, license = "llama3.1", gated = true,
      config = like(llama_3_8b, {
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
      }),
      source = from.aiconfigurator },
    { id = "meta-llama/Llama-3.1-8B-Instruct", params = 8030261248, license = "llama3.1", gated = true,
      config = like(llama_3_8b, {
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
      }),
      derived_from = "meta-llama/Llama-3.1-8B", source = from.llmfit },
    { id = "meta-llama/Llama-3.1-70B", params = 70553706496, license = "llama3.1", gated = true,
      config = like(llama_2_70b, {
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
      }),
      source = from.aiconfigurator },
    { id = "meta-llama/Llama-3.1-70B-Instruct", params = 70553706496, license = "llama3.1", gated = true,
      config = like(llama_2_70b, {
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
      }),
      derived_from = "meta-llama/Llama-3.1-70B", source = from.llmfit },
    { id = "meta-llama/Llama-3.1-405B", params = 405853388800, license = "llama3.1", gated = true,
      config = llama_3_1_405b, source = from.aiconfigurator },
    { id = "meta-llama/Llama-3.1-405B-Instruct", params = 405853388800, license = "llama3.1", gated = true,
      config = llama_3_1_405b, derived_from = "meta-llama/Llama-3.1-405B", source = from.llmfit },
    { id = "meta-llama/Llama-3.1-405B-Instruct-FP8", params = 405853388800, params_basis = "sibling",
      license = "llama3.1", gated = true,
      config = like(llama_3_1_405b, {
        quantization_config = {
          modules_to_not_convert = {
            "model.layers.0.mlp.down_proj", "model.layers.0.mlp.gate_proj", "model.layers.0.mlp.up_proj",
            "model.layers.125.mlp.down_proj", "model.layers.125.mlp.gate_proj", "model.layers.125.mlp.up_proj",
            "model.layers.0.self_attn.k_proj", "model.layers.0.self_attn.o_proj", "model.layers.0.self_attn.q_proj",
            "model.layers.0.self_attn.v_proj",
          },
          quant_method = "fbgemm_fp8",
        },
      }),
      source = from.ome("llama3_1_405b.json") },
    { id = "meta-llama/Llama-3.2-1B", params = 1235814400, license = "llama3.2", gated = true, config = llama_3_2_1b,
      derived_from = "meta-llama/Llama-3.2-1B-Instruct", source = from.llmfit },
    { id = "meta-llama/Llama-3.2-1B-Instruct", params = 1235814400, license = "llama3.2", gated = true,
      config = llama_3_2_1b, source = from.mlc("llama3_2_1b") },
    { id = "meta-llama/Llama-3.2-3B", params = 3212749824, license = "llama3.2", gated = true, config = llama_3_2_3b,
      derived_from = "meta-llama/Llama-3.2-3B-Instruct", source = from.llmfit },
    { id = "meta-llama/Llama-3.2-3B-Instruct", params = 3212749824, license = "llama3.2", gated = true,
      config = llama_3_2_3b, source = from.mlc("llama3_2_3b") },
    { id = "meta-llama/Llama-3.2-11B-Vision-Instruct", params = 10670220835, license = "llama3.2", gated = true,
      config = {
        architectures = { "MllamaForConditionalGeneration" }, model_type = "mllama", torch_dtype = "bfloat16",
        text_config = {
          model_type = "mllama_text_model", hidden_size = 4096, num_hidden_layers = 40, num_attention_heads = 32,
          num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 128256, max_position_embeddings = 131072,
          tie_word_embeddings = false, cross_attention_layers = { 3, 8, 13, 18, 23, 28, 33, 38 },
          rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
        },
        vision_config = vision_1280_32,
      },
      source = from.ome("llama3_2_11b_vision.json") },
    { id = "meta-llama/Llama-3.2-90B-Vision-Instruct", params = 87666865192, params_basis = "advertised",
      license = "llama3.2", gated = true,
      config = {
        architectures = { "MllamaForConditionalGeneration" }, model_type = "mllama", torch_dtype = "bfloat16",
        text_config = {
          model_type = "mllama_text_model", hidden_size = 8192, num_hidden_layers = 100, num_attention_heads = 64,
          num_key_value_heads = 8, intermediate_size = 28672, vocab_size = 128256, max_position_embeddings = 131072,
          tie_word_embeddings = false,
          cross_attention_layers = { 3, 8, 13, 18, 23, 28, 33, 38, 43, 48, 53, 58, 63, 68, 73, 78, 83, 88, 93, 98 },
          rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
        },
        vision_config = vision_1280_32,
      },
      note = "params leaves out the vision tower", source = from.ome("llama3_2_90b_vision.json") },
    { id = "meta-llama/Llama-3.3-70B-Instruct", params = 70553706496, license = "llama3.3", gated = true,
      config = like(llama_2_70b, {
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
      }),
      derived_from = "meta-llama/Llama-3.1-70B", source = from.llmfit },
    { id = "meta-llama/Llama-4-Maverick-17B-128E-Instruct", params = 401583781376,
      license = "other (Llama 4 Community License)", gated = true,
      config = {
        architectures = { "Llama4ForConditionalGeneration" }, model_type = "llama4", torch_dtype = "bfloat16",
        text_config = {
          model_type = "llama4_text", hidden_size = 5120, num_hidden_layers = 48, num_attention_heads = 40,
          num_key_value_heads = 8, head_dim = 128, intermediate_size = 8192, vocab_size = 202048,
          max_position_embeddings = 1048576, attention_chunk_size = 8192, interleave_moe_layer_step = 2,
          intermediate_size_mlp = 16384, num_experts_per_tok = 1, num_local_experts = 128, use_qk_norm = false,
        },
      },
      source = from.aiconfigurator },
    { id = "meta-llama/Llama-4-Scout-17B-16E-Instruct", params = 107769861120, params_basis = "advertised",
      license = "other (Llama 4 Community License)", gated = true,
      config = {
        architectures = { "Llama4ForConditionalGeneration" }, model_type = "llama4", torch_dtype = "bfloat16",
        text_config = {
          model_type = "llama4_text", hidden_size = 5120, num_hidden_layers = 48, num_attention_heads = 40,
          num_key_value_heads = 8, head_dim = 128, intermediate_size = 8192, vocab_size = 202048,
          max_position_embeddings = 10485760, attention_chunk_size = 8192, interleave_moe_layer_step = 1,
          intermediate_size_mlp = 16384, num_experts_per_tok = 1, num_local_experts = 16, use_qk_norm = true,
          rope_scaling = { factor = 16, original_max_position_embeddings = 8192, rope_type = "llama3" },
        },
      },
      note = "params leaves out the vision tower", source = from.aiconfigurator },
    { id = "meta-llama/Meta-Llama-3-8B", params = 8030261248, license = "llama3", gated = true,
      config = like(llama_3_8b, { max_position_embeddings = 8192 }), source = from.xft("llama-3-8b") },
    { id = "meta-llama/Meta-Llama-3-8B-Instruct", params = 8030261248, license = "llama3", gated = true,
      config = like(llama_3_8b, { max_position_embeddings = 8192 }), derived_from = "meta-llama/Meta-Llama-3-8B",
      source = from.llmfit },
    { id = "meta-llama/Meta-Llama-3-70B", params = 70553706496, license = "llama3", gated = true,
      config = like(llama_2_70b, { max_position_embeddings = 8192 }),
      derived_from = "meta-llama/Meta-Llama-3-70B-Instruct", source = from.llmfit },
    { id = "meta-llama/Meta-Llama-3-70B-Instruct", params = 70553706496, license = "llama3", gated = true,
      config = like(llama_2_70b, { max_position_embeddings = 8192 }), source = from.ome("llama3.json") },
  },
}
