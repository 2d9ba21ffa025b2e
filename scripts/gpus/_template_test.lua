return {
  { "memory and bandwidth are known", function()
    vw.expect(subject.memory_mib > 0 and subject.memory_bandwidth_gb_s > 0, true)
  end },
}
