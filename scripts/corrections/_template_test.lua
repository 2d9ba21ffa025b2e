return {
  { "no part is taken away whole", function()
    for _, part in pairs(subject.parts) do vw.expect((part.ratio or 1) > 0, true) end
  end },
}
