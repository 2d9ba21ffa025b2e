local kept = require("_kept")

return vw.quantization {
  id = "torchao-int4", summary = "4-bit integer weights, 16-bit scale and offset per 128 inputs (torchao)",
  sources = { "torchao Int4WeightOnlyConfig: layout from memory, not checked against a checkpoint" },
  vllm_names = { "torchao" },
  weights = { bits = 4, scale_bits = 16, zero_bits = 16, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 8.0, reason = "the int4 kernel of torchao needs bfloat16" },
  from_16_bit = false,
  recognised_by = { { quant_method = "torchao", ["quant_type.default._type"] = "Int4WeightOnlyConfig" } },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.53125,  -- (4 + 32/128) / 8: the classic tables do not know it
}
