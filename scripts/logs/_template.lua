-- Lines that vLLM logs. Fields: scripts/README.md, vw.log.
return vw.log {
  id = "${id}", summary = "a failure of our own",
  failures = {
    { id = "${id}-full", says = "the licence server has no seat left", term = "none",
      advice = { "ask for another seat" },
      patterns = { { pattern = "no seat left on {w}", file = "our/plugin.py" } } },
  },
}
