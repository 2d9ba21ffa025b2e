local config = { hidden_size = 2048, num_attention_heads = 16, num_key_value_heads = 4, num_hidden_layers = 2,
  intermediate_size = 8192, vocab_size = 32000, max_position_embeddings = 4096 }

local function parameters(model)
  local sum = 0
  for _, group in ipairs(model.groups) do
    for _, each in ipairs(group.matrices) do
      sum = sum + each.outputs * each.inputs * (each.copies or 1) * #group.layers
    end
  end
  for _, each in ipairs(model.matrices) do sum = sum + each.outputs * each.inputs end
  return sum
end

return {
  { "parameters follow from the shapes", function()
    local layer = 2048 * 3072 + 2048 * 2048 + 3 * 2048 * 8192 + 2 * 2048
    vw.expect(parameters(subject.reduce(config, {})), 2 * layer + 2 * 32000 * 2048 + 2048)
  end },
  { "quantized checkpoints keep their format in the linears", function()
    local model = subject.reduce(config, { format = "lab-4bit" })
    vw.expect({ model.groups[1].matrices[1].stored_as, model.matrices[1].stored_as }, { "lab-4bit", "bf16" })
  end },
}
