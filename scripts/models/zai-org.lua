-- What huggingface.co/zai-org publishes. README.md explains the fields.
local e = require("_entries")
local like, spell, from = e.like, e.spell, e.from

local glm_4_5 = {
  architectures = { "Glm4MoeForCausalLM" }, model_type = "glm4_moe", torch_dtype = "bfloat16", hidden_size = 5120,
  num_hidden_layers = 92, num_attention_heads = 96, num_key_value_heads = 8, head_dim = 128,
  intermediate_size = 12288, vocab_size = 151552, max_position_embeddings = 202752, tie_word_embeddings = false,
  attention_bias = true, first_k_dense_replace = 3, moe_intermediate_size = 1536, n_routed_experts = 160,
  n_shared_experts = 1, num_experts_per_tok = 8, num_nextn_predict_layers = 1, partial_rotary_factor = 0.5,
  use_qk_norm = true,
}
local glm_5 = {
  architectures = { "GlmMoeDsaForCausalLM" }, model_type = "glm_moe_dsa", dtype = "bfloat16", hidden_size = 6144,
  num_hidden_layers = 78, num_attention_heads = 64, num_key_value_heads = 64, head_dim = 64,
  intermediate_size = 12288, vocab_size = 154880, max_position_embeddings = 202752, tie_word_embeddings = false,
  first_k_dense_replace = 3, index_head_dim = 128, index_n_heads = 32, index_topk = 2048, kv_lora_rank = 512,
  moe_intermediate_size = 2048, n_routed_experts = 256, n_shared_experts = 1, num_experts_per_tok = 8,
  num_nextn_predict_layers = 1, q_lora_rank = 2048, qk_head_dim = 256, qk_nope_head_dim = 192, qk_rope_head_dim = 64,
  v_head_dim = 256, rope_parameters = { rope_type = "default" },
}

return vw.models {
  organisation = "zai-org",
  entries = {
    { id = "zai-org/GLM-4-9B-0414", params = 9400279040, license = "mit",
      config = {
        architectures = { "Glm4ForCausalLM" }, model_type = "glm4", hidden_size = 4096, num_hidden_layers = 40,
        num_attention_heads = 32, num_key_value_heads = 2, head_dim = 128, intermediate_size = 13696,
        vocab_size = 151552, max_position_embeddings = 32768, tie_word_embeddings = false, attention_bias = true,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "zai-org/GLM-4.5", params = 352797829024, license = "mit",
      config = like(glm_4_5, { max_position_embeddings = 131072 }),
      source = "github.com/NVIDIA-NeMo/Megatron-Bridge glm/test_glm45_bridge.py @067f987" },
    { id = "zai-org/GLM-4.5-Air", params = 106852251264, license = "mit",
      config = {
        architectures = { "Glm4MoeForCausalLM" }, model_type = "glm4_moe", torch_dtype = "bfloat16",
        hidden_size = 4096, num_hidden_layers = 46, num_attention_heads = 96, num_key_value_heads = 8, head_dim = 128,
        intermediate_size = 10944, vocab_size = 151552, max_position_embeddings = 131072, tie_word_embeddings = false,
        attention_bias = true, first_k_dense_replace = 1, moe_intermediate_size = 1408, n_routed_experts = 128,
        n_shared_experts = 1, num_experts_per_tok = 8, num_nextn_predict_layers = 1, partial_rotary_factor = 0.5,
        use_qk_norm = false,
      },
      source = "github.com/NVIDIA-NeMo/Megatron-Bridge glm/test_glm45_bridge.py @067f987" },
    { id = "zai-org/GLM-4.6", params = 352797829024, license = "mit", config = glm_4_5,
      source = "github.com/NVIDIA-NeMo/Megatron-Bridge glm/test_glm45_bridge.py @067f987" },
    { id = "zai-org/GLM-4.7", params = 352797829024, license = "mit", config = glm_4_5,
      source = "github.com/NVIDIA-NeMo/Megatron-Bridge glm/test_glm45_bridge.py @067f987" },
    { id = "zai-org/GLM-4.7-Flash", params = 29943393920, license = "mit",
      config = {
        architectures = { "Glm4MoeLiteForCausalLM" }, model_type = "glm4_moe_lite", torch_dtype = "bfloat16",
        hidden_size = 2048, num_hidden_layers = 47, num_attention_heads = 20, num_key_value_heads = 20,
        intermediate_size = 10240, vocab_size = 154880, max_position_embeddings = 202752, tie_word_embeddings = false,
        first_k_dense_replace = 1, kv_lora_rank = 512, moe_intermediate_size = 1536, n_routed_experts = 64,
        n_shared_experts = 1, num_experts_per_tok = 4, num_nextn_predict_layers = 1, partial_rotary_factor = 1,
        q_lora_rank = 768, qk_nope_head_dim = 192, qk_rope_head_dim = 64, v_head_dim = 256,
      },
      source = from.hub("naaviii/glm-code-next-4b") },
    { id = "zai-org/GLM-5", params = 743911218432, license = "mit", config = glm_5, source = from.aiconfigurator },
    { id = "zai-org/GLM-5-FP8", params = 743911218432, license = "mit",
      config = like(glm_5, {
        quantization_config = {
          activation_scheme = "dynamic", fmt = "e4m3",
          modules_to_not_convert = {
            "lm_head", "model.embed_tokens", "model.layers.*.self_attn.indexer.weights_proj",
            "model.layers.*.mlp.gate", "model.layers.*.eh_proj",
          },
          quant_method = "fp8", weight_block_size = { 128, 128 },
        },
      }),
      source = from.aiconfigurator },
    { id = "zai-org/GLM-5.1", params = 743911218432, config = glm_5, source = from.aiconfigurator },
    { id = "zai-org/GLM-5.1-FP8", params = 743911218432,
      config = like(glm_5, {
        quantization_config = {
          activation_scheme = "dynamic", fmt = "e4m3",
          modules_to_not_convert = {
            "lm_head", "model.embed_tokens", "model.layers.*.self_attn.indexer.weights_proj",
            "model.layers.*.mlp.gate", "model.layers.*.eh_proj",
          },
          quant_method = "fp8", weight_block_size = { 128, 128 },
        },
      }),
      source = from.aiconfigurator },
    { id = "zai-org/GLM-5.2",
      config = like(glm_5, {
        head_dim = 192, max_position_embeddings = 1048576, index_skip_topk_offset = 3, index_topk_freq = 4,
        indexer_types = spell("ff" .. ("fsss"):rep(19), { f = "full", s = "shared" }), moe_router_dtype = "float32",
      }),
      note = "no published count; only layers that indexer_types calls full have an indexer",
      source = from.aiconfigurator },
    { id = "zai-org/GLM-5.2-FP8",
      config = like(glm_5, {
        head_dim = 192, max_position_embeddings = 1048576, index_skip_topk_offset = 3, index_topk_freq = 4,
        indexer_types = spell("ff" .. ("fsss"):rep(19), { f = "full", s = "shared" }), moe_router_dtype = "float32",
        quantization_config = {
          activation_scheme = "dynamic", fmt = "e4m3",
          modules_to_not_convert = {
            "model.layers.*.mlp.gate", "model.layers.*.self_attn.indexer.weights_proj", "lm_head",
            "model.layers.*.eh_proj", "model.embed_tokens",
          },
          quant_method = "fp8", weight_block_size = { 128, 128 },
        },
      }),
      note = "no published count; only layers that indexer_types calls full have an indexer",
      source = from.aiconfigurator },
  },
}
