-- Stored bits per weight of an outputs x inputs matrix.
local function bits_per_weight(weights, outputs, inputs)
  local per = weights.per or { rows = 0, inputs = 0 }
  local tiles = (per.rows > 0 and outputs / per.rows or 1) * (per.inputs > 0 and inputs / per.inputs or 1)
  local shared = tiles * ((weights.scale_bits or 0) + (weights.zero_bits or 0)) + (weights.tensor_bits or 0)
  return weights.bits + shared / (outputs * inputs)
end

return {
  { "a group of 128 shares a 16-bit scale and a 4-bit zero point: 4.15625 bits a weight", function()
    vw.expect(bits_per_weight(subject.weights, 4096, 4096), 4.15625)
  end },
  { "Qwen2.5-7B-Instruct-AWQ takes its published bytes, file headers left out", function()
    -- 28 layers: qkv 4608 x 3584, o 3584 x 3584, gate and up 2 x 18944 x 3584, down 3584 x 18944
    local layer = 4608 * 3584 + 3584 * 3584 + 3 * 18944 * 3584
    local bytes = 28 * layer * bits_per_weight(subject.weights, 4096, 4096) / 8
    -- the rest of the checkpoint in 16 bit: embedding and head, norms, qkv biases
    local rest = (2 * 152064 * 3584 + 57 * 3584 + 28 * 4608) * 2
    vw.expect(bytes + rest, 5570747392.0)
  end },
  { "it is never made from a 16-bit checkpoint", function()
    vw.expect(subject.from_16_bit, false)
    vw.expect(subject.flag, nil)
  end },
}
