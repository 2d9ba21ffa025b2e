-- What huggingface.co/microsoft publishes. README.md explains the fields.
local e = require("_entries")
local like, from = e.like, e.from

local phi_4 = {
  architectures = { "Phi3ForCausalLM" }, model_type = "phi3", torch_dtype = "bfloat16", hidden_size = 5120,
  num_hidden_layers = 40, num_attention_heads = 40, num_key_value_heads = 10, intermediate_size = 17920,
  vocab_size = 32064, max_position_embeddings = 4096, tie_word_embeddings = false,
}
local phi_3_5_mini = {
  architectures = { "Phi3ForCausalLM" }, model_type = "phi3", torch_dtype = "bfloat16", hidden_size = 3072,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 8192,
  vocab_size = 32064, max_position_embeddings = 131072, tie_word_embeddings = false,
}

return vw.models {
  organisation = "microsoft",
  entries = {
    { id = "microsoft/phi-1_5", params = 1418270720, license = "mit",
      config = {
        architectures = { "PhiForCausalLM" }, model_type = "phi", hidden_size = 2048, num_hidden_layers = 24,
        num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 8192, vocab_size = 51200,
        max_position_embeddings = 2048, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "microsoft/phi-2", params = 2779683840, license = "mit",
      config = {
        architectures = { "PhiForCausalLM" }, model_type = "phi", torch_dtype = "float16", hidden_size = 2560,
        num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 10240,
        vocab_size = 51200, max_position_embeddings = 2048, tie_word_embeddings = false, partial_rotary_factor = 0.4,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "microsoft/Phi-3-medium-4k-instruct", params = 13960238080, license = "mit", config = phi_4,
      provenance = "catalogue", source = from.llmfit },
    { id = "microsoft/Phi-3-mini-4k-instruct", params = 3821079552, license = "mit",
      config = like(phi_3_5_mini, { max_position_embeddings = 4096 }), provenance = "catalogue", source = from.llmfit },
    { id = "microsoft/Phi-3-mini-128k-instruct", params = 3821079552, params_basis = "sibling", license = "mit",
      config = like(phi_3_5_mini, {
        original_max_position_embeddings = 4096, sliding_window = 262144, rope_scaling = { type = "longrope" },
      }),
      source = from.ome("phi3.json") },
    { id = "microsoft/Phi-3.5-mini-instruct", params = 3821079552, license = "mit",
      config = like(phi_3_5_mini, {
        original_max_position_embeddings = 4096, sliding_window = 262144, rope_scaling = { type = "longrope" },
      }),
      source = from.mlc("phi-3_5") },
    { id = "microsoft/Phi-3.5-MoE-instruct", params = 41873153344, params_basis = "advertised", license = "mit",
      config = {
        architectures = { "PhiMoEForCausalLM" }, model_type = "phimoe", torch_dtype = "bfloat16", hidden_size = 4096,
        num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 6400,
        vocab_size = 32064, max_position_embeddings = 131072, tie_word_embeddings = false, attention_bias = true,
        lm_head_bias = true, num_experts_per_tok = 2, num_local_experts = 16, original_max_position_embeddings = 4096,
        sliding_window = 131072, rope_scaling = { original_max_position_embeddings = 4096, type = "longrope" },
      },
      source = from.ome("phimoe.json") },
    { id = "microsoft/phi-4", params = 14659507200, params_basis = "sibling", license = "mit",
      config = like(phi_4, {
        vocab_size = 100352, max_position_embeddings = 16384, original_max_position_embeddings = 16384,
      }),
      source = from.tt("phi-4 @b3bd2f8") },
    { id = "microsoft/Phi-4-mini-instruct", params = 3836021760, params_basis = "advertised", license = "mit",
      config = {
        architectures = { "Phi3ForCausalLM" }, model_type = "phi3", torch_dtype = "bfloat16", hidden_size = 3072,
        num_hidden_layers = 32, num_attention_heads = 24, num_key_value_heads = 8, intermediate_size = 8192,
        vocab_size = 200064, max_position_embeddings = 131072, tie_word_embeddings = true, full_attn_mod = 1,
        interpolate_factor = 1, lm_head_bias = false, original_max_position_embeddings = 4096,
        partial_rotary_factor = 0.75, sliding_window = 262144, rope_scaling = { type = "longrope" },
      },
      source = from.mlc("phi-4") },
  },
}
