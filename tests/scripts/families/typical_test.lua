local C = require "_counts"

local function shape(params_b) return subject.reduce({ params_b = params_b }, {}) end

return {
  { "eight billion parameters give the layers of Llama 3.1 8B", function()
    local form = shape(8.03)
    vw.expect((C.parameters(form)), 8030261248)
    vw.expect({ form.family, form.layers, form.hidden_size, form.kv_heads, form.head_dim, form.max_context_tokens },
      { "typical", 32, 4096, 8, 128, 131072 })
    vw.expect(form.estimated, true)
    vw.expect(form.unmodelled,
      { "nothing but its size is known: layers shaped as in meta-llama/Llama-3.1-8B, 32 of them" })
  end },
  { "sizes between the known ones get fewer or more layers of the nearest", function()
    vw.expect({ shape(7).layers, shape(7).hidden_size }, { 27, 4096 })
    vw.expect({ shape(34).layers, shape(34).hidden_size }, { 67, 5120 })
  end },
  { "the number of parameters is met within half a layer", function()
    for _, params_b in ipairs { 0.5, 1.2, 3, 7, 13, 33, 70, 123, 405, 1000 } do
      local counted = C.parameters(shape(params_b)) / 1e9
      vw.expect(math.abs(counted / params_b - 1) < 0.04, true)
    end
  end },
  { "absurd sizes stay within a believable number of layers", function()
    vw.expect({ shape(0.000001).layers, shape(1000000).layers }, { 1, 1000 })
  end },
  { "a size that is no number is refused", function()
    vw.expect(vw.fails(function() subject.reduce({ params_b = 0 }, {}) end),
      "params_b is 0, expected a number above 0")
    vw.expect(vw.fails(function() subject.reduce({}, {}) end), "params_b is nil, expected a number above 0")
  end },
}
