return vw.quantization {
  summary = "no id", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4 }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
