return vw.quantization {
  id = "not-a-tile", summary = "half of a tile", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4, scale_bits = 16, per = { inputs = 128 } }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
