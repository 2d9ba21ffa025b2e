local C = require "_counts"

-- state-spaces/mamba-130m-hf
local mamba = {
  architectures = { "MambaForCausalLM" }, model_type = "mamba", hidden_size = 768, num_hidden_layers = 24,
  vocab_size = 50280, state_size = 16, conv_kernel = 4, expand = 2, intermediate_size = 1536, time_step_rank = 48,
  use_bias = false, use_conv_bias = true, torch_dtype = "float32",
}

-- mistralai/Mamba-Codestral-7B-v0.1
local mamba2 = {
  architectures = { "Mamba2ForCausalLM" }, model_type = "mamba2", hidden_size = 4096, num_hidden_layers = 64,
  vocab_size = 32768, state_size = 128, conv_kernel = 4, expand = 2, num_heads = 128, head_dim = 64, n_groups = 8,
  chunk_size = 256, use_bias = false, use_conv_bias = true, tie_word_embeddings = false, torch_dtype = "bfloat16",
}

return {
  { "mamba-130m has 129,135,360 parameters with a tied head", function()
    vw.expect({ C.parameters(subject.reduce(mamba, {})) }, { 129135360, 0, 0 })
  end },
  { "Mamba-Codestral has 7,285,403,648 parameters", function()
    vw.expect({ C.parameters(subject.reduce(mamba2, {})) }, { 7285403648, 0, 0 })
  end },
  { "no layer attends, all carry a state", function()
    local form = subject.reduce(mamba2, {})
    vw.expect(C.groups(form), { mamba2 = 64 })
    vw.expect({ form.groups[1].attention.kind, form.groups[1].feed_forward.kind, form.kv_heads, form.rope },
      { "none", "none", 0, {} })
    vw.expect(form.groups[1].state, { kind = "mamba2", inner = 8192, heads = 128, head_dim = 64, state_dim = 128,
      groups = 8, kernel = 4, conv_dtype = "bf16", state_dtype = "bf16", chunk = 256 })
  end },
  { "the state of Mamba 1 has one row per channel", function()
    vw.expect(subject.reduce(mamba, {}).groups[1].state, { kind = "mamba1", inner = 1536, heads = 1, head_dim = 1536,
      state_dim = 16, groups = 1, kernel = 4, conv_dtype = "bf16", state_dtype = "bf16" })
  end },
  { "the rank of the time step follows the hidden size when it is 'auto'", function()
    vw.expect((C.parameters(subject.reduce(C.with(mamba, { time_step_rank = "auto" }), {}))), 129135360)
  end },
  { "a missing state size is named", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(mamba, { state_size = false }), {}) end),
      "config has no state size (looked for state_size)")
  end },
}
