-- Stored bits per weight of an outputs x inputs matrix.
local function bits_per_weight(weights, outputs, inputs)
  local per = weights.per or { rows = 0, inputs = 0 }
  local tiles = (per.rows > 0 and outputs / per.rows or 1) * (per.inputs > 0 and inputs / per.inputs or 1)
  local shared = tiles * ((weights.scale_bits or 0) + (weights.zero_bits or 0)) + (weights.tensor_bits or 0)
  return weights.bits + shared / (outputs * inputs)
end

return {
  { "one fp32 scale per 128 x 128 block adds 0.002 bits", function()
    vw.expect(bits_per_weight(subject.weights, 4096, 4096), 8 + 32 / 16384)
  end },
  { "a block size in the checkpoint outweighs plain fp8", function()
    vw.expect(subject.recognised_by[1], { quant_method = "fp8", weight_block_size = true })
  end },
}
