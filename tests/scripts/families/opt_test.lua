local C = require "_counts"

-- facebook/opt-125m, facebook/opt-350m
local small = { architectures = { "OPTForCausalLM" }, hidden_size = 768, num_hidden_layers = 12,
  num_attention_heads = 12, ffn_dim = 3072, word_embed_proj_dim = 768, do_layer_norm_before = true,
  max_position_embeddings = 2048,
  vocab_size = 50272 }
local projected = C.with(small, { hidden_size = 1024, num_hidden_layers = 24, num_attention_heads = 16, ffn_dim = 4096,
  word_embed_proj_dim = 512 })
projected.do_layer_norm_before = false

return {
  { "OPT 125M has 125,239,296 parameters with two more positions than it can use", function()
    local form = subject.reduce(small, {})
    vw.expect((C.parameters(form)), 125239296)
    vw.expect(form.matrices[1].outputs, 2050)
    vw.expect({ form.max_context_tokens, form.tied_embeddings, #form.rope }, { 2048, true, 0 })
  end },
  { "OPT 350M projects narrow embeddings and has no last norm, 331,196,416 parameters", function()
    vw.expect((C.parameters(subject.reduce(projected, {}))), 331196416)
  end },
  { "a width of embeddings of 0 is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(small, { word_embed_proj_dim = 0 }), {}) end),
      "word_embed_proj_dim is 0, expected a whole number from 1 to 1000000")
  end },
}
