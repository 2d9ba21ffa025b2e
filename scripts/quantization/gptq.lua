local kept = require("_kept")

return vw.quantization {
  id = "gptq", summary = "4-bit integer weights, symmetric, groups of 128",
  sources = {
    "vLLM quantization/gptq_marlin.py: layout from memory (families add the indices of act-order)",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py",
  },
  vllm_names = { "gptq", "gptq_marlin", "auto_gptq" },
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.0, reason = "the plain kernel runs wherever vLLM does; Marlin from 8.0" },
  accuracy_recovery = require("_recovery").four_bit,
  from_16_bit = false,
  recognised_by = { { quant_method = "gptq", bits = 4 }, { quant_method = "gptq_marlin", bits = 4 } },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.55, classic_speed = 1.05,
}
