return vw.models {
  organisation = "lab",
  entries = { { id = "lab/one", config = { hidden_size = 64 } }, { id = "other/two", config = { hidden_size = 64 } } },
}
