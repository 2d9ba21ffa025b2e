return vw.quantization {
  id = "syntax-error", summary = "a comma is missing" sources = { "invented" },
}
