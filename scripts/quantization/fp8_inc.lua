return vw.quantization {
  id = "fp8_inc", summary = "KV cache in 8-bit float on Intel Gaudi",
  sources = { "vllm/config/cache.py, v0.10: cache dtype of the Gaudi back end" },
  vllm_names = vw.list {},
  applies_to = "none", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "kv_fp8",
  kv = { bits = 8, vllm_name = "fp8_inc", needs = { reason = "Intel Gaudi only" } },
}
