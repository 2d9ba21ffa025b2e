local C = require "_counts"

-- deepseek-ai/DeepSeek-V2-Lite
local lite = {
  architectures = { "DeepseekV2ForCausalLM" }, model_type = "deepseek_v2", hidden_size = 2048, num_hidden_layers = 27,
  num_attention_heads = 16, num_key_value_heads = 16, intermediate_size = 10944, vocab_size = 102400,
  max_position_embeddings = 163840, tie_word_embeddings = false, first_k_dense_replace = 1, kv_lora_rank = 512,
  moe_intermediate_size = 1408, n_routed_experts = 64, n_shared_experts = 2, num_experts_per_tok = 6,
  qk_nope_head_dim = 128, qk_rope_head_dim = 64, v_head_dim = 128, topk_method = "greedy", torch_dtype = "bfloat16",
  rope_scaling = { type = "yarn", factor = 40, original_max_position_embeddings = 4096 },
}

-- deepseek-ai/DeepSeek-V3
local v3 = {
  architectures = { "DeepseekV3ForCausalLM" }, model_type = "deepseek_v3", hidden_size = 7168, num_hidden_layers = 61,
  num_attention_heads = 128, num_key_value_heads = 128, intermediate_size = 18432, vocab_size = 129280,
  max_position_embeddings = 163840, tie_word_embeddings = false, first_k_dense_replace = 3, kv_lora_rank = 512,
  q_lora_rank = 1536, moe_intermediate_size = 2048, n_routed_experts = 256, n_shared_experts = 1,
  num_experts_per_tok = 8, num_nextn_predict_layers = 1, qk_nope_head_dim = 128, qk_rope_head_dim = 64,
  v_head_dim = 128, topk_method = "noaux_tc", torch_dtype = "bfloat16",
  rope_scaling = { type = "yarn", factor = 40, original_max_position_embeddings = 4096 },
}

local v32 = C.with(v3, { architectures = { "DeepseekV32ForCausalLM" }, model_type = "deepseek_v32",
  index_n_heads = 64, index_head_dim = 128, index_topk = 2048 })

-- moonshotai/Kimi-K2-Instruct
local k2 = C.with(v3, { model_type = "kimi_k2", num_attention_heads = 64, num_key_value_heads = 64,
  vocab_size = 163840, max_position_embeddings = 131072, n_routed_experts = 384, first_k_dense_replace = 1,
  num_nextn_predict_layers = 0 })

return {
  { "DeepSeek-V2-Lite has 15,706,484,224 parameters, as its safetensors say", function()
    vw.expect({ C.parameters(subject.reduce(lite, {})) }, { 15706484224, 0, 0 })
  end },
  { "DeepSeek-V3 has 671,026,419,200 parameters, its predictor 11,610,068,224 more", function()
    vw.expect({ C.parameters(subject.reduce(v3, {})) }, { 671026419200, 11610068224, 0 })
  end },
  { "only sparse attention asks for certain cards", function()
    vw.expect(subject.reduce(v3, {}).needs, nil)
    local needs = subject.reduce(v32, {}).needs
    vw.expect({ needs.compute_capability, needs.compute_capability_below }, { 9.0, 11.0 })
  end },
  { "the indexer of DeepSeek-V3.2 adds 13,959,424 parameters a layer", function()
    vw.expect({ C.parameters(subject.reduce(v32, {})) }, { 671877944064, 11624027648, 0 })
  end },
  { "Kimi K2 is a DeepSeek V3 of other sizes", function()
    vw.expect({ C.parameters(subject.reduce(k2, {})) }, { 1026408232448, 0, 0 })
  end },
  { "the first layers are dense, the predictor follows the last layer", function()
    local form = subject.reduce(v3, {})
    vw.expect(C.groups(form), { ["latent-dense"] = 3, ["latent-moe"] = 58, ["mtp-latent-moe"] = 1 })
    vw.expect(C.group(form, "mtp-latent-moe").layers, { 61 })
  end },
  { "what is cached is the latent row, whatever the heads", function()
    local attention = C.group(subject.reduce(v32, {}), "latent-moe").attention
    vw.expect(attention, { kind = "latent", query_heads = 128, kv_heads = 128, key_dim = 192, value_dim = 128,
      qk_norm = "none", latent = { q_rank = 1536, kv_rank = 512, rope_dim = 64, nope_dim = 128, indexer_heads = 64,
        indexer_dim = 128 } })
  end },
  { "without a query rank queries are projected at once", function()
    local roles = C.stored(C.group(subject.reduce(lite, {}), "latent-moe").matrices)
    vw.expect({ roles.q, roles.kv_a, roles.qkv_a, roles.router_bias }, { "bf16", "bf16", nil, nil })
  end },
  { "FP8 leaves the router and the head weights of the indexer in 16 bit, its norm and the correction in 32", function()
    local form = subject.reduce(v32, { format = "fp8-block", quantization_config = { quant_method = "fp8" } })
    local stored = C.stored(C.group(form, "latent-moe").matrices)
    vw.expect({ stored.qkv_a, stored.kv_b, stored.experts_down, stored.indexer_k, stored.indexer_weights,
      stored.indexer_norm, stored.router, stored.router_bias },
      { "fp8-block", "fp8-block", "fp8-block", "fp8-block", "bf16", "fp32", "bf16", "fp32" })
    vw.expect(C.stored(form.matrices), { embedding = "bf16", norm = "bf16", head = "bf16" })
  end },
  { "an ignore list splits off what it names", function()
    local form = subject.reduce(v3, { format = "nvfp4", ignore = { "lm_head", "model.layers.*.self_attn.kv_b_proj",
      "model.layers.*.self_attn.q_a_proj", "model.layers.61*" } })
    local stored = C.stored(C.group(form, "latent-moe").matrices)
    vw.expect({ stored.qkv_a, stored.q_b, stored.kv_b, stored.o }, { "bf16", "nvfp4", "bf16", "nvfp4" })
    vw.expect(C.stored(C.group(form, "mtp-latent-moe").matrices).experts_down, "bf16")
  end },
  { "the context and the rotary table are those of the scaled rotation", function()
    local form = subject.reduce(v3, {})
    vw.expect({ form.max_context_tokens, form.rope }, { 163840, { { rows = 163840, width = 64 } } })
  end },
  { "a missing latent rank is named", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(v3, { kv_lora_rank = false }), {}) end),
      "config has no kv lora rank (looked for kv_lora_rank)")
  end },
  { "a rank that is no number is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(v3, { q_lora_rank = "many" }), {}) end),
      "q_lora_rank is 'many', expected a whole number from 1 to 1000000")
  end },
}
