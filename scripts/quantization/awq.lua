local kept = require("_kept")

return vw.quantization {
  id = "awq", summary = "4-bit integer weights with zero points, groups of 128",
  sources = {
    "vLLM quantization/awq.py, awq_marlin.py: layout from memory",
    "Qwen2.5-7B-Instruct-AWQ: 5,570,829,760 published bytes, 5,570,747,392 computed",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py",
  },
  vllm_names = { "awq", "awq_marlin", "auto_awq" },
  weights = { bits = 4, scale_bits = 16, zero_bits = 4, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "the AWQ kernels start at Turing; Marlin, the fast one, at 8.0" },
  from_16_bit = false,  -- vLLM cannot make it at load time
  recognised_by = { { quant_method = "awq" }, { quant_method = "awq_marlin" } },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.55, classic_speed = 1.1,
}
