return vw.quantization {
  id = "fp16", summary = "16-bit float, unquantized",
  sources = { "IEEE 754 binary16" },
  vllm_names = vw.list {}, dtype = "float16", aliases = { "half", "float16" },
  weights = { bits = 16 },
  applies_to = "all", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "bf16",  -- measured for bf16; the matrix units run both at one rate
  classic_bytes_per_parameter = 2,
  kv = { bits = 16, vllm_name = "float16" },
}
