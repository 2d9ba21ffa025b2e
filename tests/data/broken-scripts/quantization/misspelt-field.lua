-- The field is called scale_bits.
return vw.quantization {
  id = "misspelt-field", summary = "a misspelt field", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4, scale_bit = 16 }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
