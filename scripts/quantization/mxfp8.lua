local kept = require("_kept")

return vw.quantization {
  id = "mxfp8", summary = "8-bit float, 8-bit scales per 32 inputs",
  sources = {
    "vllm/engine/arg_utils.py, newest: mxfp8 (on the fly), modelopt_mxfp8",
    "OCP Microscaling Formats (MX) v1.0: blocks of 32, e8m0 scale",
  },
  vllm_names = { "mxfp8", "modelopt_mxfp8", "modelopt", "compressed-tensors" },
  flag = "mxfp8",
  weights = { bits = 8, scale_bits = 8, per = { rows = 1, inputs = 32 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = {
    compute_capability = 10.0, gfx = { "gfx950" },
    reason = "Blackwell and MI350 matrix units read the block scales; slower paths not verified",
  },
  from_16_bit = true,
  recognised_by = {
    { quant_method = "mxfp8" },
    { quant_method = "modelopt_mxfp8" },
    { quant_algo = "MXFP8" },
    { ["hf_quant_config.quantization.quant_algo"] = "MXFP8" },
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "float",
      ["config_groups.*.weights.num_bits"] = 8, ["config_groups.*.weights.group_size"] = 32 },
  },
  compute = "fp8",
  classic_bytes_per_parameter = 1.03125,  -- (8 + 8/32) / 8: the classic tables do not know it
}
