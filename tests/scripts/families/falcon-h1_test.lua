local C = require "_counts"

-- tiiuae/Falcon-H1-0.5B-Base
local falcon = {
  architectures = { "FalconH1ForCausalLM" }, model_type = "falcon_h1", torch_dtype = "bfloat16", hidden_size = 1024,
  num_hidden_layers = 36, num_attention_heads = 8, num_key_value_heads = 2, head_dim = 64, intermediate_size = 2048,
  vocab_size = 32784, max_position_embeddings = 16384, tie_word_embeddings = false, mamba_conv_bias = true,
  mamba_d_conv = 4, mamba_d_head = 64, mamba_d_ssm = 1536, mamba_d_state = 128, mamba_n_groups = 1,
  mamba_n_heads = 24, mamba_rms_norm = false,
}

return {
  { "Falcon-H1-0.5B has 521,411,104 parameters", function()
    vw.expect({ C.parameters(subject.reduce(falcon, {})) }, { 521411104, 0, 0 })
  end },
  { "every layer has a key-value cache and a state", function()
    local form = subject.reduce(falcon, {})
    vw.expect(C.groups(form), { ["full-mamba2-dense"] = 36 })
    local group = form.groups[1]
    vw.expect({ group.attention.kv_heads, group.state.inner, group.state.heads }, { 2, 1536, 24 })
  end },
}
