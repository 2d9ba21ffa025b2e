local needs = require("_needs")

return vw.quantization {
  id = "fp8_e5m2", summary = "KV cache in 8-bit float, 5 exponent and 2 mantissa bits; not with fp8 checkpoints",
  sources = { "vllm/v1/kv_cache_interface.py: one byte per element; the refusal is from memory" },
  vllm_names = vw.list {},
  applies_to = "none", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "kv_fp8",
  kv = { bits = 8, vllm_name = "fp8_e5m2", needs = needs.fp8_kv },
}
