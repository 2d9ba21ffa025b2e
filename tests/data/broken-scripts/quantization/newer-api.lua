return vw.quantization {
  id = "newer-api", summary = "written for a later program", api = 2, sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4 }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
