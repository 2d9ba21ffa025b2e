-- Stored bits per weight of an outputs x inputs matrix.
local function bits_per_weight(weights, outputs, inputs)
  local per = weights.per or { rows = 0, inputs = 0 }
  local tiles = (per.rows > 0 and outputs / per.rows or 1) * (per.inputs > 0 and inputs / per.inputs or 1)
  local shared = tiles * ((weights.scale_bits or 0) + (weights.zero_bits or 0)) + (weights.tensor_bits or 0)
  return weights.bits + shared / (outputs * inputs)
end

return {
  { "an fp8 scale per 16 weights makes 4.5 bits, the two global scales vanish", function()
    local bits = bits_per_weight(subject.weights, 4096, 4096)
    vw.expect(bits > 4.5 and bits < 4.50001, true)
  end },
  { "the KV cache takes half a byte and a sixteenth per element", function()
    vw.expect((subject.kv.bits + subject.kv.group_bits_per_element) * 128 / 8, 128 / 2 + 128 / 16)
  end },
}
