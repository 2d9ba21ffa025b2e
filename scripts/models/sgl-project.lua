-- What huggingface.co/sgl-project publishes. README.md explains the fields.
local e = require("_entries")
local spell, from = e.spell, e.from

return vw.models {
  organisation = "sgl-project",
  entries = {
    { id = "sgl-project/DeepSeek-V4-Flash-FP8",
      config = {
        architectures = { "DeepseekV4ForCausalLM" }, model_type = "deepseek_ref", torch_dtype = "bfloat16",
        hidden_size = 4096, num_hidden_layers = 43, num_attention_heads = 64, num_key_value_heads = 1, head_dim = 512,
        vocab_size = 129280, max_position_embeddings = 1048576,
        compress_ratios = spell("aabcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcbcb", { a = 0, b = 4, c = 128 }, 44),
        hc_mult = 4, index_head_dim = 128, index_n_heads = 64, index_topk = 512, moe_intermediate_size = 2048,
        n_routed_experts = 256, n_shared_experts = 1, num_experts_per_tok = 6, num_hash_layers = 3,
        num_nextn_predict_layers = 1, o_groups = 8, o_lora_rank = 1024, q_lora_rank = 1024, qk_rope_head_dim = 64,
        sliding_window = 128, rope_scaling = { factor = 16, original_max_position_embeddings = 65536, type = "yarn" },
        quantization_config = {
          activation_scheme = "dynamic", fmt = "e4m3", quant_method = "fp8", scale_fmt = "ue8m0",
          weight_block_size = { 128, 128 },
        },
      },
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
    { id = "sgl-project/DeepSeek-V4-Pro-FP8",
      config = {
        architectures = { "DeepseekV4ForCausalLM" }, model_type = "deepseek_ref", torch_dtype = "bfloat16",
        hidden_size = 7168, num_hidden_layers = 61, num_attention_heads = 128, num_key_value_heads = 1,
        head_dim = 512, vocab_size = 129280, max_position_embeddings = 1048576,
        compress_ratios = spell("a" .. ("ab"):rep(30) .. "c", { a = 128, b = 4, c = 0 }), hc_mult = 4,
        index_head_dim = 128, index_n_heads = 64, index_topk = 1024, moe_intermediate_size = 3072,
        n_routed_experts = 384, n_shared_experts = 1, num_experts_per_tok = 6, num_hash_layers = 3,
        num_nextn_predict_layers = 1, o_groups = 16, o_lora_rank = 1024, q_lora_rank = 1536, qk_rope_head_dim = 64,
        sliding_window = 128, rope_scaling = { factor = 16, original_max_position_embeddings = 65536, type = "yarn" },
        quantization_config = {
          activation_scheme = "dynamic", fmt = "e4m3", quant_method = "fp8", scale_fmt = "ue8m0",
          weight_block_size = { 128, 128 },
        },
      },
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
  },
}
