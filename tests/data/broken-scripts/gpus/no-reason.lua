return vw.gpu {
  id = "no-reason", summary = "not supported, but why", name = "Card", product = "Card", vendor = "nvidia",
  architecture = "ada", compute_capability = 8.9, memory_mib = 24576, vllm = "no", sources = { "invented" },
}
