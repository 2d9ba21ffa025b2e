return vw.release {
  id = "not-a-version", summary = "an id that is no version", sources = { "invented" },
  defaults = { gpu_memory_utilization = 0.9 }, flags = { "--model" }, memory = { era = "e0" },
}
