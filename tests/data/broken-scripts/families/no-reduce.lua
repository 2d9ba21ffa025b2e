return vw.family {
  id = "no-reduce", summary = "without its function", sources = { "invented" }, architectures = { "Mine" },
}
