local C = require "_counts"

-- Qwen/Qwen3-Next-80B-A3B-Instruct
local config = {
  architectures = { "Qwen3NextForCausalLM" }, model_type = "qwen3_next", torch_dtype = "bfloat16", hidden_size = 2048,
  num_hidden_layers = 48, num_attention_heads = 16, num_key_value_heads = 2, head_dim = 256, intermediate_size = 5120,
  vocab_size = 151936, max_position_embeddings = 262144, tie_word_embeddings = false, decoder_sparse_step = 1,
  full_attention_interval = 4, linear_conv_kernel_dim = 4, linear_key_head_dim = 128, linear_num_key_heads = 16,
  linear_num_value_heads = 32, linear_value_head_dim = 128, moe_intermediate_size = 512, num_experts = 512,
  num_experts_per_tok = 10, partial_rotary_factor = 0.25, shared_expert_intermediate_size = 512,
}

return {
  { "Qwen3-Next has 79,674,391,296 parameters, its predictor 1,650,471,424 more", function()
    vw.expect({ C.parameters(subject.reduce(config, {})) }, { 79674391296, 1650471424, 0 })
  end },
  { "every fourth layer attends", function()
    local form = subject.reduce(config, {})
    vw.expect(C.groups(form), { ["gated-delta-moe"] = 36, ["full-moe"] = 12, ["mtp-full-moe"] = 1 })
    vw.expect({ C.group(form, "full-moe").layers[1], C.group(form, "gated-delta-moe").layers[4] }, { 3, 4 })
  end },
  { "queries carry a gate, so their rows double", function()
    local qkv = C.group(subject.reduce(config, {}), "full-moe").matrices[2]
    vw.expect({ qkv.role, qkv.outputs, qkv.inputs }, { "qkv", 2 * 16 * 256 + 2 * 2 * 256, 2048 })
  end },
  { "the delta net keeps a key by value matrix per value head", function()
    vw.expect(C.group(subject.reduce(config, {}), "gated-delta-moe").state, { kind = "gated-delta", inner = 4096,
      heads = 32, head_dim = 128, state_dim = 128, groups = 16, kernel = 4, conv_dtype = "bf16", state_dtype = "bf16",
      key_heads = 16, key_dim = 128, value_heads = 32, value_dim = 128 })
  end },
  { "a quarter of each head rotates", function()
    vw.expect(subject.reduce(config, {}).rope, { { rows = 262144, width = 64 } })
  end },
  { "layers named in mlp_only_layers are dense", function()
    local form = subject.reduce(C.with(config, { mlp_only_layers = { 0 } }), {})
    vw.expect(C.groups(form)["gated-delta-dense"], 1)
  end },
}
