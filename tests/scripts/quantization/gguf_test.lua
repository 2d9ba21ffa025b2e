-- Stored bits per weight of an outputs x inputs matrix.
local function bits_per_weight(weights, outputs, inputs)
  local per = weights.per or { rows = 0, inputs = 0 }
  local tiles = (per.rows > 0 and outputs / per.rows or 1) * (per.inputs > 0 and inputs / per.inputs or 1)
  local shared = tiles * ((weights.scale_bits or 0) + (weights.zero_bits or 0)) + (weights.tensor_bits or 0)
  return weights.bits + shared / (outputs * inputs)
end

local published = {  -- bits per weight as llama.cpp names them
  Q2_K = 2.625, Q3_K = 3.4375, IQ4_XS = 4.25, Q4_0 = 4.5, Q4_K = 4.5, Q5_0 = 5.5, Q5_K = 5.5, Q6_K = 6.5625, Q8_0 = 8.5,
  MXFP4 = 4.25, IQ2_XXS = 2.0625, IQ1_S = 1.5625, TQ1_0 = 1.6875, F16 = 16, F32 = 32,
}

return {
  { "block sizes give the published bits per weight", function()
    for name, bits in pairs(published) do
      local block = subject.blocks[name]
      vw.expect({ name, block.bytes * 8 / block.weights }, { name, bits + 0.0 })
    end
  end },
  { "what stands for an unknown file is Q4_K", function()
    local block = subject.blocks.Q4_K
    vw.expect(bits_per_weight(subject.weights, 4096, 4096), block.bytes * 8 / block.weights)
  end },
}
