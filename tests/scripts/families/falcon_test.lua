local C = require "_counts"

-- tiiuae/falcon-7b, tiiuae/falcon-40b
local small = { architectures = { "FalconForCausalLM" }, hidden_size = 4544, num_hidden_layers = 32,
  num_attention_heads = 71, multi_query = true, parallel_attn = true, vocab_size = 65024 }
local large = C.with(small, { hidden_size = 8192, num_hidden_layers = 60, num_attention_heads = 128, num_kv_heads = 8,
  new_decoder_architecture = true, multi_query = false })
small.alibi, large.alibi = false, false

return {
  { "Falcon 7B has 6,921,720,704 parameters and one key-value head", function()
    local form = subject.reduce(small, {})
    vw.expect((C.parameters(form)), 6921720704)
    vw.expect({ form.kv_heads, form.head_dim, form.max_context_tokens }, { 1, 64, 2048 })
  end },
  { "Falcon 40B has 41,303,293,952 parameters, eight key-value heads and two norms a layer", function()
    local form = subject.reduce(large, {})
    vw.expect((C.parameters(form)), 41303293952)
    vw.expect(form.kv_heads, 8)
  end },
  { "with ALiBi there is no rotary table", function()
    vw.expect(subject.reduce(C.with(small, { alibi = true }), {}).rope, {})
  end },
  { "hidden size without heads is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(small, { num_attention_heads = false }), {}) end),
      "config has no number of attention heads (looked for num_attention_heads, n_head, num_heads)")
  end },
}
