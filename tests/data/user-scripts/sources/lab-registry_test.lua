return {
  { "a known model comes with its config", function()
    local record = subject.ask { verb = "describe", model = "lab/decoder-1b" }
    vw.expect({ record.id, record.config.num_hidden_layers }, { "lab/decoder-1b", 24 })
  end },
  { "an unknown model is nobody's", function()
    vw.expect(subject.ask { verb = "describe", model = "lab/decoder-9b" }, nil)
  end },
  { "lists and suggestions", function()
    vw.expect(subject.ask { verb = "list" }, { { id = "lab/decoder-1b" } })
    vw.expect(subject.ask { verb = "list", filter = "encoder" }, {})
    vw.expect(subject.ask { verb = "suggest", model = "lab/decodr" }, { "lab/decoder-1b" })
  end },
  { "an unknown verb is not answered", function()
    vw.expect(subject.ask { verb = "sing" }, nil)
  end },
}
