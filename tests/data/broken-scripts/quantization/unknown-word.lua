return vw.quantization {
  id = "unknown-word", summary = "a word that is none of the list", sources = { "invented" }, vllm_names = { "x" },
  weights = { bits = 4 }, applies_to = "linear", from_16_bit = false, compute = "bf16",
}
