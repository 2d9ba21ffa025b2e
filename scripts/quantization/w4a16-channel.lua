local kept = require("_kept")

return vw.quantization {
  id = "w4a16-channel", summary = "4-bit integer weights, one scale per output row (compressed-tensors)",
  sources = { "vLLM compressed_tensors_wNa16.py: layout from memory" },
  vllm_names = { "compressed-tensors" },
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "the loader asks for Turing; Marlin, the fast kernel, for 8.0" },
  from_16_bit = false,
  recognised_by = {
    -- Two lines: the second outweighs w4a16-asym, one zero point a row does not matter.
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "int",
      ["config_groups.*.weights.num_bits"] = 4, ["config_groups.*.weights.strategy"] = "channel" },
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "int",
      ["config_groups.*.weights.num_bits"] = 4, ["config_groups.*.weights.strategy"] = "channel",
      ["config_groups.*.weights.symmetric"] = false },
  },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.5,  -- the row's scale is below 0.1 %
}
