return vw.quantization {
  id = "fp32", summary = "32-bit float, unquantized",
  sources = { "IEEE 754 binary32; vLLM casts a checkpoint to --dtype when it loads" },
  vllm_names = vw.list {}, dtype = "float32", aliases = { "float32", "float" },
  weights = { bits = 32 },
  applies_to = "all", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "fp32",
  classic_bytes_per_parameter = 4,
  kv = { bits = 32, vllm_name = "auto" },  -- vLLM has no such spelling: "auto" follows --dtype float32
}
