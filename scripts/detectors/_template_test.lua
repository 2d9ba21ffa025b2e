return {
  { "without its tool it says so", function()
    vw.expect(subject.ask({ verb = "detect", timeout_s = 1 }).status, "absent")
  end },
}
