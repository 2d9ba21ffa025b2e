return vw.quantization {
  id = "int8_per_token_head", summary = "KV cache in 8-bit integer, one fp32 scale per token and head for K and for V",
  sources = { "vllm/v1/kv_cache_interface.py: one byte per element and 4 per token and head" },
  vllm_names = vw.list {},
  applies_to = "none", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "kv_fp8",
  kv = { bits = 8, per_head_bits = 32, vllm_name = "int8_per_token_head" },
}
