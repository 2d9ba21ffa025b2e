local C = require "_counts"

-- ibm-ai-platform/Bamba-9B-v1
local bamba = {
  architectures = { "BambaForCausalLM" }, model_type = "bamba", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 128256, max_position_embeddings = 262144, tie_word_embeddings = false,
  attn_layer_indices = { 9, 18, 27 }, mamba_conv_bias = true, mamba_d_conv = 4, mamba_d_head = 64,
  mamba_d_state = 128, mamba_expand = 2, mamba_n_groups = 1, mamba_n_heads = 128,
}

return {
  { "Bamba has the 9.78 billion parameters of its name card", function()
    vw.expect(string.format("%.2f", C.parameters(subject.reduce(bamba, {})) / 1e9), "9.78")
  end },
  { "the listed layers attend", function()
    local form = subject.reduce(bamba, {})
    vw.expect(C.groups(form), { ["mamba2-dense"] = 29, ["full-dense"] = 3 })
    vw.expect(C.group(form, "full-dense").layers, { 9, 18, 27 })
  end },
}
