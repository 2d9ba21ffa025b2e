local kept = require("_kept")

return vw.quantization {
  id = "experts-int8", summary = "8-bit integer experts made on the fly, all else in 16 bit",
  sources = { "vLLM quantization/experts_int8.py: layout from memory (one fp32 scale per output row)" },
  vllm_names = { "experts_int8" },
  flag = "experts_int8",
  weights = { bits = 8, scale_bits = 32, per = { rows = 1, inputs = 0 } },
  applies_to = "experts", keeps_16_bit = kept.all_but_experts,
  needs = { compute_capability = 8.0, reason = "the weight-only expert kernel starts at 8.0" },
  from_16_bit = true,
  recognised_by = { { quant_method = "experts_int8" } },
  compute = "bf16",
  classic_bytes_per_parameter = 1,
}
