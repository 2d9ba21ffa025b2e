local needs = require("_needs")

return vw.quantization {
  id = "fp8_e4m3", summary = "KV cache in 8-bit float, 4 exponent and 3 mantissa bits",
  sources = { "vllm/v1/kv_cache_interface.py: one byte per element" },
  vllm_names = vw.list {}, aliases = { "fp8_e4m3fn" },
  applies_to = "none", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "kv_fp8",
  kv = { bits = 8, vllm_name = "fp8_e4m3", needs = needs.fp8_kv },
}
