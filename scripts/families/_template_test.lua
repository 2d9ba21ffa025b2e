local config = { hidden_size = 2048, num_attention_heads = 16, num_key_value_heads = 4, num_hidden_layers = 2,
  intermediate_size = 8192, vocab_size = 32000, max_position_embeddings = 4096 }

return {
  { "every layer is in the one group", function()
    local form = subject.reduce(config, {})
    vw.expect({ form.layers, #form.groups[1].layers, form.head_dim }, { 2, 2, 128 })
  end },
  { "a config without layers is refused by the key's name", function()
    vw.expect(vw.fails(function() subject.reduce({ hidden_size = 2048, num_attention_heads = 16,
      num_key_value_heads = 4, intermediate_size = 8192, vocab_size = 32000, max_position_embeddings = 4096 }, {}) end),
      "num_hidden_layers is nil, expected a whole number from 1 to 1000000")
  end },
}
