local kept = require("_kept")

return vw.quantization {
  id = "mxfp4-linears", summary = "4-bit float in all linears that are not ignored, 8-bit scales per 32 inputs",
  sources = {
    "moonshotai/Kimi-K3 config.json (mxfp4-pack-quantized, groups of 32)",
    "OCP Microscaling Formats (MX) v1.0: blocks of 32, e8m0 scale",
  },
  vllm_names = { "compressed-tensors", "quark" },
  weights = { bits = 4, scale_bits = 8, per = { rows = 1, inputs = 32 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = {
    compute_capability = 8.0, gfx = { "gfx942", "gfx950" },
    reason = "4-bit float matrix units from 10.0 and MI350 on; below, weights are unpacked to 16 bit",
  },
  from_16_bit = false,
  recognised_by = {
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "float",
      ["config_groups.*.weights.num_bits"] = 4, ["config_groups.*.weights.group_size"] = 32 },
    { quant_method = "quark", ["global_quant_config.weight.dtype"] = "fp4" },
  },
  compute = "mxfp4_w4a16",
  classic_bytes_per_parameter = 0.53125,  -- (4 + 8/32) / 8: the classic tables do not know it
}
