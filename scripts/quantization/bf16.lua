return vw.quantization {
  id = "bf16", summary = "bfloat16, unquantized",
  sources = {
    "bfloat16: 1 sign, 8 exponent, 7 mantissa bits",
    "lowest capability: vllm/platforms/cuda.py, check_if_supports_dtype (from memory)",
  },
  vllm_names = vw.list {}, dtype = "bfloat16", aliases = { "bfloat16" },
  weights = { bits = 16 },
  applies_to = "all", keeps_16_bit = vw.list {},
  needs = { compute_capability = 8.0, reason = "vLLM refuses bfloat16 below 8.0; use --dtype half" },
  from_16_bit = false,
  compute = "bf16",
  classic_bytes_per_parameter = 2,
  kv = { bits = 16, vllm_name = "bfloat16" },
}
