return {
  { "what is listed is described, and the rest is not known", function()
    for _, entry in ipairs(subject.ask { verb = "list" }) do
      vw.expect(subject.ask({ verb = "describe", model = entry.id }).id, entry.id)
    end
    vw.expect(subject.ask { verb = "describe", model = "nobody/nothing" }, nil)
  end },
}
