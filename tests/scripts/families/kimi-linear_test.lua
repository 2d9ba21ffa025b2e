local C = require "_counts"

local full, delta = { 4, 8, 12, 16, 20, 24, 27 }, {}
for layer = 1, 26 do
  if layer % 4 ~= 0 then delta[#delta + 1] = layer end
end

-- moonshotai/Kimi-Linear-48B-A3B-Instruct
local config = {
  architectures = { "KimiLinearForCausalLM" }, model_type = "kimi_linear", hidden_size = 2304, num_hidden_layers = 27,
  num_attention_heads = 32, num_key_value_heads = 32, head_dim = 72, intermediate_size = 9216, vocab_size = 163840,
  tie_word_embeddings = false, first_k_dense_replace = 1, kv_lora_rank = 512, mla_use_nope = true,
  model_max_length = 1048576, moe_intermediate_size = 1024, num_experts = 256, num_experts_per_token = 8,
  num_shared_experts = 1, qk_nope_head_dim = 128, qk_rope_head_dim = 64, v_head_dim = 128,
  linear_attn_config = { full_attn_layers = full, kda_layers = delta, head_dim = 128, num_heads = 32,
    short_conv_kernel_size = 4 },
}

return {
  { "Kimi Linear has 49,122,681,728 parameters", function()
    vw.expect({ C.parameters(subject.reduce(config, {})) }, { 49122681728, 0, 0 })
  end },
  { "the layer lists count from one", function()
    local form = subject.reduce(config, {})
    vw.expect(C.groups(form), { ["kda-dense"] = 1, ["kda-moe"] = 19, ["latent-moe"] = 7 })
    vw.expect(C.group(form, "latent-moe").layers, { 3, 7, 11, 15, 19, 23, 26 })
  end },
  { "the delta recurrence is kept in 32 bit", function()
    local state = C.group(subject.reduce(config, {}), "kda-moe").state
    vw.expect({ state.kind, state.heads, state.head_dim, state.kernel, state.conv_dtype, state.state_dtype },
      { "kda", 32, 128, 4, "bf16", "fp32" })
  end },
  { "nothing rotates and the context is a million tokens", function()
    local form = subject.reduce(config, {})
    vw.expect({ form.rope, form.max_context_tokens }, { {}, 1048576 })
  end },
  { "a config without the list of delta layers is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(config, { linear_attn_config = {} }), {}) end),
      "config has no linear_attn_config.kda_layers")
  end },
}
