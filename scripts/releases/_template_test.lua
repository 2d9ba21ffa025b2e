return {
  { "the budget is a share of the card", function()
    local share = subject.defaults.gpu_memory_utilization
    vw.expect(share > 0 and share <= 1, true)
  end },
}
