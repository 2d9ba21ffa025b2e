local C = require "_counts"

-- nvidia/Llama-3_3-Nemotron-Super-49B-v1 in small: one layer of each kind it has
local function block(attention, ffn) return { attention = attention, ffn = ffn } end
local nemotron = {
  architectures = { "DeciLMForCausalLM" }, attention_bias = false, mlp_bias = false, hidden_size = 8192,
  num_hidden_layers = 4, num_attention_heads = 64, vocab_size = 128256, tie_word_embeddings = false,
  torch_dtype = "bfloat16", max_position_embeddings = 131072,
  block_configs = {
    block({ n_heads_in_group = 8 }, { ffn_mult = 2.625 }),
    block({ n_heads_in_group = 8 }, { ffn_mult = 5.25 }),
    block({ no_op = true }, { ffn_mult = 1.3125 }),
    block({ replace_with_linear = true }, { no_op = true }),
  },
}

return {
  { "layers keep what the search left of them", function()
    local form = subject.reduce(nemotron, {})
    vw.expect(C.groups(form), { ["full-dense"] = 1, ["full-dense-2"] = 1, dense = 1, empty = 1 })
    vw.expect(C.group(form, "full-dense").feed_forward.intermediate_size, 14336)
    vw.expect(C.group(form, "full-dense-2").feed_forward.intermediate_size, 28672)
    vw.expect(C.group(form, "dense").feed_forward.intermediate_size, 7168)
    vw.expect(form.kv_heads, 8)
  end },
  { "a layer with all its parts is a layer of Llama 3.3 70B, 855,654,400 parameters", function()
    local total = 0
    for _, matrix in ipairs(C.group(subject.reduce(nemotron, {}), "full-dense-2").matrices) do
      total = total + matrix.outputs * matrix.inputs * matrix.copies
    end
    vw.expect(total, 855654400)
  end },
  { "the first DeciLM lists key-value heads instead", function()
    local form = subject.reduce(C.with(nemotron, { block_configs = false, intermediate_size = 14336,
      num_key_value_heads_per_layer = { 4, 4, 1, 4 } }), {})
    vw.expect(C.groups(form), { ["full-dense"] = 3, ["full-dense-2"] = 1 })
    vw.expect(C.group(form, "full-dense-2").attention.kv_heads, 1)
  end },
  { "without either list, or with one that is too short, it is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(nemotron, { block_configs = false }), {}) end),
      "config has neither block_configs nor num_key_value_heads_per_layer, which say how its layers differ")
    vw.expect(vw.fails(function() subject.reduce(C.with(nemotron, { num_hidden_layers = 5 }), {}) end),
      "block_configs has no entry for layer 4 of 5")
  end },
}
