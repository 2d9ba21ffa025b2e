return {
  { "every model is of this organisation", function()
    for _, entry in ipairs(subject.entries) do
      vw.expect(entry.id:sub(1, #subject.organisation + 1), subject.organisation .. "/")
    end
  end },
}
