local C = require "_counts"

-- mosaicml/mpt-7b
local mpt = { architectures = { "MPTForCausalLM" }, attn_config = { alibi = true, attn_type = "multihead_attention" },
  d_model = 4096, expansion_ratio = 4, learned_pos_emb = true, max_seq_len = 2048, n_heads = 32, n_layers = 32,
  no_bias = true, torch_dtype = "bfloat16", vocab_size = 50432 }

return {
  { "MPT 7B has 6,649,286,656 parameters, no biases and a tied head", function()
    local form = subject.reduce(mpt, {})
    vw.expect((C.parameters(form)), 6649286656)
    vw.expect({ form.tied_embeddings, form.max_context_tokens, #form.rope }, { true, 2048, 0 })
  end },
  { "without ALiBi positions are learned", function()
    local form = subject.reduce(C.with(mpt, { attn_config = {} }), {})
    vw.expect((C.parameters(form)), 6649286656 + 2048 * 4096)
  end },
  { "key-value heads are read from attn_config", function()
    vw.expect(subject.reduce(C.with(mpt, { attn_config = { kv_n_heads = 8 } }), {}).kv_heads, 8)
  end },
  { "its own names of dimensions are the ones that an error lists", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(mpt, { n_layers = false }), {}) end),
      "config has no number of layers (looked for n_layers)")
    vw.expect(vw.fails(function() subject.reduce(C.with(mpt, { attn_config = 3 }), {}) end),
      "attn_config is 3, expected an object")
  end },
}
