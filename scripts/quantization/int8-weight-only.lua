local kept = require("_kept")

return vw.quantization {
  id = "int8-weight-only", summary = "8-bit integer weights per output row, made on the fly, 16-bit activations",
  sources = { "vllm/engine/arg_utils.py, newest: int8_per_channel_weight_only; fp32 scales assumed, not verified" },
  vllm_names = { "int8_per_channel_weight_only", "torchao" },
  flag = "int8_per_channel_weight_only",
  weights = { bits = 8, scale_bits = 32, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 8.0, reason = "not verified below Ampere" },
  from_16_bit = true,
  recognised_by = {
    { quant_method = "int8_per_channel_weight_only" },
    { quant_method = "torchao", ["quant_type.default._type"] = "Int8WeightOnlyConfig" },
  },
  compute = "bf16",
  classic_bytes_per_parameter = 1,
}
