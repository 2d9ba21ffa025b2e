local function entry(id)
  for _, found in ipairs(subject.entries) do
    if found.id == id then return found end
  end
end

return {
  { "a ModelOpt checkpoint names its format and what stays in 16 bit", function()
    local quantization = entry("nvidia/Qwen3.5-122B-A10B-NVFP4").config.quantization_config
    vw.expect({ quantization.quant_method, quantization.quant_algo, quantization.ignore[1] },
      { "modelopt", "NVFP4", "lm_head" })
  end },
  { "the older form is a file of its own", function()
    vw.expect(entry("nvidia/Qwen3-235B-A22B-NVFP4").hf_quant_config.quantization,
      { quant_algo = "NVFP4", kv_cache_quant_algo = "FP8", group_size = 16,
        exclude_modules = { "model.layers.*.mlp.gate", "lm_head" } })
  end },
  { "several formats side by side are a list of patterns", function()
    local written = entry("nvidia/NVIDIA-Nemotron-3.5-Lightning-30B-A3B-NVFP4").hf_quant_config.quantization
    local listed = written.quantized_layers
    vw.expect({ listed["backbone.layers.*.mixer.in_proj"], listed["backbone.layers.*.mixer.experts.*.up_proj"] },
      { { quant_algo = "FP8" }, { quant_algo = "W4A16_NVFP4", group_size = 16 } })
  end },
}
