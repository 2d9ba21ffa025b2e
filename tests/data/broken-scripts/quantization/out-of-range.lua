return vw.quantization {
  id = "out-of-range", summary = "more bits than there are", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4000 }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
