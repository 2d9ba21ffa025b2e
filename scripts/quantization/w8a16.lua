local kept = require("_kept")

return vw.quantization {
  id = "w8a16", summary = "8-bit integer weights, groups of 128, 16-bit activations (GPTQ-Int8, compressed-tensors)",
  sources = { "vLLM quantization/gptq_marlin.py, compressed_tensors_wNa16.py: layout from memory" },
  vllm_names = { "gptq", "gptq_marlin", "compressed-tensors" },
  weights = { bits = 8, scale_bits = 16, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "the loader asks for Turing; Marlin, the fast kernel, for 8.0" },
  from_16_bit = false,
  recognised_by = {
    { quant_method = "gptq", bits = 8 },
    { quant_method = "gptq_marlin", bits = 8 },
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "int",
      ["config_groups.*.weights.num_bits"] = 8 },
  },
  compute = "bf16",  -- weight-only: 16-bit rates, fewer bytes
  classic_bytes_per_parameter = 1.015625,  -- (8 + 16/128) / 8: the classic tables do not know it
}
