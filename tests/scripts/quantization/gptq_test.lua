-- Stored bits per weight of an outputs x inputs matrix.
local function bits_per_weight(weights, outputs, inputs)
  local per = weights.per or { rows = 0, inputs = 0 }
  local tiles = (per.rows > 0 and outputs / per.rows or 1) * (per.inputs > 0 and inputs / per.inputs or 1)
  local shared = tiles * ((weights.scale_bits or 0) + (weights.zero_bits or 0)) + (weights.tensor_bits or 0)
  return weights.bits + shared / (outputs * inputs)
end

return {
  { "without zero points a group of 128 costs 4.125 bits a weight", function()
    vw.expect(bits_per_weight(subject.weights, 4096, 4096), 4.125)
  end },
  { "only 4-bit checkpoints are taken for it", function()
    for _, conditions in ipairs(subject.recognised_by) do vw.expect(conditions.bits, 4) end
  end },
}
