local kept = require("_kept")

return vw.quantization {
  id = "gptq-channel", summary = "4-bit integer weights, one scale per output row (GPTQ with group size -1)",
  sources = {
    "vLLM quantization/gptq_marlin.py: scales of a split row are kept whole on every GPU",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py (its gptq)",
  },
  vllm_names = { "gptq", "gptq_marlin", "auto_gptq" },
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.0, reason = "the plain kernel runs wherever vLLM does; Marlin from 8.0" },
  from_16_bit = false,
  -- The second line outweighs gptq-asym: one zero point a row does not matter.
  recognised_by = {
    { quant_method = "gptq", bits = 4, group_size = -1 },
    { quant_method = "gptq", bits = 4, group_size = -1, sym = false },
  },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.55, classic_speed = 1.05,
}
