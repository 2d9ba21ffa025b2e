local kept = require("_kept")

return vw.quantization {
  id = "w8a16-channel", summary = "8-bit integer weights, one scale per output row, 16-bit activations",
  sources = { "vLLM compressed_tensors_wNa16.py: layout from memory" },
  vllm_names = { "compressed-tensors" },
  weights = { bits = 8, scale_bits = 16, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "the loader asks for Turing; Marlin, the fast kernel, for 8.0" },
  from_16_bit = false,
  recognised_by = {
    { quant_method = "compressed-tensors", format = "pack-quantized", ["config_groups.*.weights.type"] = "int",
      ["config_groups.*.weights.num_bits"] = 8, ["config_groups.*.weights.strategy"] = "channel" },
  },
  compute = "bf16",
  classic_bytes_per_parameter = 1,
}
