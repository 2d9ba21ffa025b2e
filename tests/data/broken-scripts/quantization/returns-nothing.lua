vw.quantization {
  id = "returns-nothing", summary = "return is missing", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4 }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
