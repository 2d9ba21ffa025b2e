return vw.gpu {
  id = "negative-memory", summary = "less than nothing", name = "Card", product = "Card", vendor = "nvidia",
  architecture = "ada", compute_capability = 8.9, memory_mib = -1, vllm = "supported", sources = { "invented" },
}
