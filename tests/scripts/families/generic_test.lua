local C = require "_counts"

local config = {
  architectures = { "NobodyKnowsForCausalLM" }, n_embd = 1024, n_layer = 4, n_head = 16, n_head_kv = 4,
  ffn_dim = 4096, vocab_size = 32000, n_positions = 4096,
}
local rough = "architecture 'NobodyKnowsForCausalLM' is not known: a rough estimate from the sizes in its config.json, "
  .. "as gated layers with grouped-query attention"

return {
  { "an unknown architecture is read through the synonyms of its keys", function()
    local form = subject.reduce(config, {})
    vw.expect({ form.family, form.layers, form.hidden_size, form.attention_heads, form.kv_heads, form.head_dim },
      { "generic", 4, 1024, 16, 4, 64 })
    vw.expect(C.groups(form), { ["full-dense"] = 4 })
    -- a layer: 2 x 1024 + (1024 + 2 x 256) x 1024 + 1024 x 1024 + 3 x 4096 x 1024; around them 65 x 10^6
    vw.expect((C.parameters(form)), 4 * 15206400 + 2 * 32000 * 1024 + 1024)
  end },
  { "it says that it is an estimate, and of what", function()
    local form = subject.reduce(config, {})
    vw.expect(form.estimated, true)
    vw.expect(form.unmodelled, { rough })
  end },
  { "keys of experts make a mixture, dense where the config says so", function()
    local form = subject.reduce(C.with(config, { num_experts = 8, num_experts_per_tok = 2, moe_intermediate_size = 512,
      n_shared_experts = 1, first_k_dense_replace = 1 }), {})
    vw.expect(C.groups(form), { ["full-dense"] = 1, ["full-moe"] = 3 })
    vw.expect(C.group(form, "full-moe").feed_forward.experts_per_token, 2)
  end },
  { "what it cannot count is named", function()
    local form = subject.reduce(C.with(config, { kv_lora_rank = 512, sliding_window = 4096, vision_config = {},
      ffn_dim = false }), {})
    vw.expect(form.unmodelled, { rough, "the config has no intermediate size: 4 x hidden size taken",
      "the config speaks of a sliding window: counted as full attention in every layer",
      "the config speaks of latent attention: counted as full attention in every layer", "its towers are left out" })
  end },
  { "the text model inside is followed, and a missing vocabulary is assumed", function()
    local form = subject.reduce({ architectures = { "NobodyKnowsForCausalLM" },
      text_config = C.with(config, { vocab_size = false }) }, {})
    vw.expect({ form.layers, form.vocab_size }, { 4, 32000 })
    vw.expect(form.unmodelled, { rough, "the config has no vocabulary size: 32000 taken" })
  end },
  { "without layers there is nothing to estimate", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(config, { n_layer = false }), {}) end),
      "config has no number of layers (looked for num_hidden_layers, n_layer, num_layers)")
  end },
}
