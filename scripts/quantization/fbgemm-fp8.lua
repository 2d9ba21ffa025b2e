local kept, needs = require("_kept"), require("_needs")

return vw.quantization {
  id = "fbgemm-fp8", summary = "8-bit float per output row, attention left in 16 bit (Meta's Llama 3.1 405B FP8)",
  sources = {
    "vLLM quantization/fbgemm_fp8.py: layout from memory",
    "vLLM start-up log of Llama-3.1-405B-Instruct-FP8: 57.75 GiB, 56.2 computed with 16-bit attention, 47.8 without",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py (its fp8)",
  },
  vllm_names = { "fbgemm_fp8" },
  weights = { bits = 8, scale_bits = 32, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.attention_too,
  needs = needs.fp8_weights, from_16_bit = false,
  recognised_by = { { quant_method = "fbgemm_fp8" } },
  compute = "fp8",
  classic_bytes_per_parameter = 1, classic_speed = 1.2,
}
