return vw.release {
  id = "1.0.0", summary = "a release without its tables", sources = { "invented" },
}
