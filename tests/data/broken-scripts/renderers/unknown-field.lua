return vw.renderer {
  id = "unknown-field", summary = "an option that is none", file = "x.yaml", render = function() return {} end,
}
