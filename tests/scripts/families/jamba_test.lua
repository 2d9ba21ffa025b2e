local C = require "_counts"

-- ai21labs/Jamba-v0.1
local jamba = {
  architectures = { "JambaForCausalLM" }, model_type = "jamba", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 65536, max_position_embeddings = 262144, tie_word_embeddings = false, attn_layer_offset = 4,
  attn_layer_period = 8, expert_layer_offset = 1, expert_layer_period = 2, mamba_conv_bias = true, mamba_d_conv = 4,
  mamba_d_state = 16, mamba_dt_rank = 256, mamba_expand = 2, mamba_proj_bias = false, num_experts = 16,
  num_experts_per_tok = 2,
}

return {
  { "Jamba has 51,570,323,328 parameters", function()
    vw.expect({ C.parameters(subject.reduce(jamba, {})) }, { 51570323328, 0, 0 })
  end },
  { "one layer in eight attends, every second has experts", function()
    local form = subject.reduce(jamba, {})
    vw.expect(C.groups(form), { ["mamba1-dense"] = 12, ["mamba1-moe"] = 16, ["full-dense"] = 4 })
    vw.expect(C.group(form, "full-dense").layers, { 4, 12, 20, 28 })
  end },
  { "there is no rotary table", function() vw.expect(subject.reduce(jamba, {}).rope, {}) end },
  { "a format touches the outer projections of Mamba, not the inner ones", function()
    local stored = C.stored(C.group(subject.reduce(jamba, { format = "fp8" }), "mamba1-dense").matrices)
    vw.expect({ stored.state_in, stored.state_out, stored.state_x, stored.state_dt, stored.state_conv, stored.state_a },
      { "fp8", "fp8", "bf16", "bf16", "bf16", "fp32" })
  end },
  { "a period of 0 is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(jamba, { attn_layer_period = 0 }), {}) end),
      "attn_layer_period is 0, expected a whole number from 1 to 1000")
  end },
}
