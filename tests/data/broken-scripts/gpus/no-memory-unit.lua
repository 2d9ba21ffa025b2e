return vw.gpu {
  id = "no-memory-unit", summary = "the key has the wrong unit", name = "Card", product = "Card", vendor = "nvidia",
  architecture = "ada", compute_capability = 8.9, memory_gib = 24, vllm = "supported", sources = { "invented" },
}
