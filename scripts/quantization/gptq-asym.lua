local kept = require("_kept")

return vw.quantization {
  id = "gptq-asym", summary = "4-bit integer weights with zero points (GPTQ, sym false), groups of 128",
  sources = {
    "vLLM quantization/gptq.py: layout from memory",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py (its gptq)",
  },
  vllm_names = { "gptq", "auto_gptq" },
  weights = { bits = 4, scale_bits = 16, zero_bits = 4, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.0, reason = "only the plain kernel takes zero points" },
  from_16_bit = false,
  recognised_by = { { quant_method = "gptq", bits = 4, sym = false } },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.55, classic_speed = 1.05,
}
