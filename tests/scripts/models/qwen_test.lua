local function entry(id)
  for _, found in ipairs(subject.entries) do
    if found.id == id then return found end
  end
  error("no entry '" .. id .. "'", 2)
end

return {
  { "every id is the organisation's and stands once", function()
    local seen = {}
    for _, found in ipairs(subject.entries) do
      vw.expect(found.id:match("^[^/]+"), "Qwen")
      vw.expect(seen[found.id:lower()], nil)
      seen[found.id:lower()] = true
    end
  end },
  { "a shared shape is not changed by what is laid over it", function()
    vw.expect(entry("Qwen/Qwen2.5-7B-Instruct-AWQ").config.quantization_config.quant_method, "awq")
    vw.expect(entry("Qwen/Qwen2.5-7B-Instruct").config.quantization_config, nil)
    vw.expect({ entry("Qwen/Qwen2.5-7B").config.max_position_embeddings,
      entry("Qwen/Qwen2.5-7B-Instruct").config.max_position_embeddings }, { 131072, 32768 })
  end },
  { "nested objects keep what a change does not mention", function()
    local small, large = entry("Qwen/Qwen3.5-35B-A3B").config, entry("Qwen/Qwen3.5-27B").config
    vw.expect({ small.vision_config.hidden_size, small.vision_config.out_hidden_size,
      large.vision_config.out_hidden_size }, { 1152, 2048, 5120 })
  end },
  { "Qwen2.5-7B-Instruct-AWQ states the size of its files", function()
    vw.expect(entry("Qwen/Qwen2.5-7B-Instruct-AWQ").weights_bytes, 5570829760)
  end },
}
