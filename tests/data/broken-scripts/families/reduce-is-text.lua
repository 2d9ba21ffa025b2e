return vw.family {
  id = "reduce-is-text", summary = "a text for a function", sources = { "invented" }, architectures = { "Mine" }, reduce = "later",
}
