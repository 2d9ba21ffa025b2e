return {
  { "the failure says what helps", function()
    vw.expect(subject.failures[1].advice, { "ask for another seat" })
  end },
}
