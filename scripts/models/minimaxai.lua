-- What huggingface.co/MiniMaxAI publishes. README.md explains the fields.
local e = require("_entries")
local like, spell, from = e.like, e.spell, e.from

local minimax_m2 = {
  architectures = { "MiniMaxM2ForCausalLM" }, model_type = "minimax_m2", hidden_size = 3072, num_hidden_layers = 62,
  num_attention_heads = 48, num_key_value_heads = 8, head_dim = 128, intermediate_size = 1536, vocab_size = 200064,
  max_position_embeddings = 196608, tie_word_embeddings = false, mtp_transformer_layers = 1, num_experts_per_tok = 8,
  num_local_experts = 256, num_mtp_modules = 3, qk_norm_type = "per_layer", rotary_dim = 64,
  shared_intermediate_size = 0, use_mtp = true, use_qk_norm = true, use_routing_bias = true,
}

return vw.models {
  organisation = "MiniMaxAI",
  entries = {
    { id = "MiniMaxAI/MiniMax-M2", params = 228689764864,
      config = like(minimax_m2, {
        dtype = "bfloat16",
        quantization_config = {
          activation_scheme = "dynamic", fmt = "float8_e4m3fn",
          modules_to_not_convert = { "gate", "e_score_correction_bias", "lm_head" }, quant_method = "fp8",
          weight_block_size = { 128, 128 },
        },
      }),
      derived_from = "MiniMaxAI/MiniMax-M2.5", unread = "modules_to_not_convert", source = from.llmfit },
    { id = "MiniMaxAI/MiniMax-M2.1", params = 228689764864,
      config = like(minimax_m2, {
        dtype = "bfloat16",
        quantization_config = {
          activation_scheme = "dynamic", fmt = "float8_e4m3fn",
          modules_to_not_convert = { "gate", "e_score_correction_bias", "lm_head" }, quant_method = "fp8",
          weight_block_size = { 128, 128 },
        },
      }),
      derived_from = "MiniMaxAI/MiniMax-M2.5", unread = "modules_to_not_convert", source = from.llmfit },
    { id = "MiniMaxAI/MiniMax-M2.5", params = 228689764864,
      config = like(minimax_m2, {
        quantization_config = {
          activation_scheme = "dynamic", fmt = "float8_e4m3fn",
          modules_to_not_convert = { "gate", "e_score_correction_bias", "lm_head" }, quant_method = "fp8",
          weight_block_size = { 128, 128 },
        },
      }),
      source = from.aiconfigurator },
    { id = "MiniMaxAI/MiniMax-M2.7", params = 228689764864,
      config = like(minimax_m2, {
        dtype = "bfloat16", max_position_embeddings = 204800,
        quantization_config = {
          activation_scheme = "dynamic", fmt = "float8_e4m3fn",
          modules_to_not_convert = { "gate", "e_score_correction_bias", "lm_head" }, quant_method = "fp8",
          weight_block_size = { 128, 128 },
        },
      }),
      source = from.aiconfigurator },
    { id = "MiniMaxAI/MiniMax-M3",
      config = {
        architectures = { "MiniMaxM3ForCausalLM" }, model_type = "minimax_m3", torch_dtype = "bfloat16",
        hidden_size = 6144, num_hidden_layers = 60, num_attention_heads = 64, num_key_value_heads = 4, head_dim = 128,
        intermediate_size = 3072, vocab_size = 200064, max_position_embeddings = 1048576, tie_word_embeddings = false,
        attention_output_gate = false, dense_intermediate_size = 12288, first_k_dense_replace = 3,
        moe_intermediate_size = 3072, moe_layer_freq = spell("000" .. ("1"):rep(57), { ["0"] = 0, ["1"] = 1 }),
        n_shared_experts = 1, num_experts_per_tok = 4, num_local_experts = 128, num_mtp_modules = 7,
        num_nextn_predict_layers = 1, partial_rotary_factor = 0.5, qk_norm_type = "per_head", rotary_dim = 64,
        shared_intermediate_size = 3072,
        sparse_attention_config = {
          sparse_attention_freq = spell("000" .. ("1"):rep(57), { ["0"] = 0, ["1"] = 1 }), sparse_block_size = 128,
          sparse_disable_index_value = spell("000" .. ("1"):rep(57), { ["0"] = 0, ["1"] = 1 }),
          sparse_index_dim = 128, sparse_num_index_heads = 4, sparse_topk_blocks = 16, use_sparse_attention = true,
        },
        use_qk_norm = true, use_routing_bias = true,
      },
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
  },
}
