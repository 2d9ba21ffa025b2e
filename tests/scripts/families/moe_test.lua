local C = require "_counts"

-- Qwen/Qwen3-30B-A3B
local qwen3 = {
  architectures = { "Qwen3MoeForCausalLM" }, attention_bias = false, decoder_sparse_step = 1, head_dim = 128,
  hidden_size = 2048, intermediate_size = 6144, max_position_embeddings = 40960, mlp_only_layers = {},
  moe_intermediate_size = 768, num_attention_heads = 32, num_experts = 128, num_experts_per_tok = 8,
  num_hidden_layers = 48, num_key_value_heads = 4, tie_word_embeddings = false, vocab_size = 151936,
}
-- mistralai/Mixtral-8x7B-v0.1
local mixtral = {
  architectures = { "MixtralForCausalLM" }, hidden_size = 4096, intermediate_size = 14336, num_local_experts = 8,
  num_experts_per_tok = 2, max_position_embeddings = 32768, num_attention_heads = 32, num_hidden_layers = 32,
  num_key_value_heads = 8, tie_word_embeddings = false, vocab_size = 32000,
}
-- zai-org/GLM-4.5
local glm = {
  architectures = { "Glm4MoeForCausalLM" }, attention_bias = true, head_dim = 128, n_shared_experts = 1,
  num_attention_heads = 96, num_experts_per_tok = 8, num_key_value_heads = 8, num_nextn_predict_layers = 1,
  partial_rotary_factor = 0.5, tie_word_embeddings = false, vocab_size = 151552, first_k_dense_replace = 3,
  hidden_size = 5120, intermediate_size = 12288, moe_intermediate_size = 1536, n_routed_experts = 160,
  num_hidden_layers = 92, use_qk_norm = true, max_position_embeddings = 131072,
}
-- MiniMaxAI/MiniMax-M2
local minimax = {
  architectures = { "MiniMaxM2ForCausalLM" }, num_hidden_layers = 62, hidden_size = 3072, num_attention_heads = 48,
  num_key_value_heads = 8, head_dim = 128, intermediate_size = 1536, vocab_size = 200064, num_experts_per_tok = 8,
  num_local_experts = 256, max_position_embeddings = 196608, rotary_dim = 64, tie_word_embeddings = false,
}
local function counted(config) return (C.parameters(subject.reduce(config, {}))) end

return {
  { "Qwen3 30B-A3B has 30,532,122,624 parameters", function()
    local form = subject.reduce(qwen3, {})
    vw.expect((C.parameters(form)), 30532122624)
    vw.expect(C.group(form, "full-moe").feed_forward, { kind = "moe", intermediate_size = 768, gated = true,
      experts = 128, experts_per_token = 8 })
  end },
  { "Mixtral 8x7B has 46,702,792,704 parameters", function() vw.expect(counted(mixtral), 46702792704) end },
  { "Qwen1.5-MoE has 14,315,784,192 parameters, a gated shared expert among them", function()
    local form = subject.reduce({ architectures = { "Qwen2MoeForCausalLM" }, hidden_size = 2048, num_hidden_layers = 24,
      num_attention_heads = 16, num_key_value_heads = 16, vocab_size = 151936, decoder_sparse_step = 1,
      moe_intermediate_size = 1408, shared_expert_intermediate_size = 5632, num_experts_per_tok = 4, num_experts = 60,
      max_position_embeddings = 32768, tie_word_embeddings = false }, {})
    vw.expect((C.parameters(form)), 14315784192)
    vw.expect(C.stored(form.groups[1].matrices).shared_gate, "bf16")
  end },
  { "GLM-4.5 has 352,797,829,024 parameters and 3,988,069,792 in its predicting layer", function()
    local form = subject.reduce(glm, {})
    vw.expect({ C.parameters(form) }, { 352797829024, 3988069792, 0 })
    vw.expect(C.groups(form), { ["full-dense"] = 3, ["full-moe"] = 89, ["mtp-full-moe"] = 1 })
    vw.expect(C.group(form, "mtp-full-moe").layers, { 92 })
    vw.expect(form.rope, { { rows = 131072, width = 64 } })
  end },
  { "MiniMax-M2 has 228,689,764,864 parameters, norms over all heads and an fp32 router", function()
    local form = subject.reduce(minimax, {})
    vw.expect((C.parameters(form)), 228689764864)
    vw.expect({ form.groups[1].attention.qk_norm, form.rope[1].width }, { "full", 64 })
    local stored = C.stored(form.groups[1].matrices)
    vw.expect({ stored.router, stored.router_bias, stored.experts_down }, { "fp32", "fp32", "bf16" })
  end },
  { "layers left dense by decoder_sparse_step and mlp_only_layers are dense", function()
    local form = subject.reduce(C.with(qwen3, { decoder_sparse_step = 2, mlp_only_layers = { 1 } }), {})
    vw.expect(C.groups(form), { ["full-dense"] = 25, ["full-moe"] = 23 })
  end },
  { "experts follow the format, the router and what the ignore list names do not", function()
    local form = subject.reduce(minimax, { format = "nvfp4", ignore = { "lm_head", "model.layers.*.self_attn*",
      "model.layers.*.block_sparse_moe.gate" } })
    local stored = C.stored(form.groups[1].matrices)
    vw.expect({ stored.experts_gate_up, stored.experts_down, stored.qkv, stored.o, stored.router },
      { "nvfp4", "nvfp4", "bf16", "bf16", "fp32" })
  end },
  { "an ignored 'gate' is the router and not the gate projection", function()
    local stored = C.stored(subject.reduce(C.with(glm, { num_nextn_predict_layers = 0 }),
      { format = "fp8-block", ignore = { "gate", "mlp.gate" } }).groups[1].matrices)
    vw.expect(stored.gate_up, "fp8-block")
  end },
  { "a mixture without experts is refused by the keys looked for", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(mixtral, { num_local_experts = false }), {}) end),
      "config has no number of experts (looked for num_local_experts, num_experts, n_routed_experts, moe_num_experts)")
  end },
}
