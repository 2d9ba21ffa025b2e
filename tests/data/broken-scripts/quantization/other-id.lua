return vw.quantization {
  id = "another-id", summary = "the id is not the file name", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4 }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
