return vw.quantization {
  id = "wrong-type", summary = "a text where a number belongs", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = "four" }, applies_to = "linears", from_16_bit = false, compute = "bf16",
}
