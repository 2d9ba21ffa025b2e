return {
  { "without its tool it says so", function()
    vw.expect(subject.ask({ verb = "probe", url = "http://localhost:8000" }).status, "failed")
  end },
}
