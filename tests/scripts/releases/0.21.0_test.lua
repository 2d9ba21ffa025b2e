return {
  { "utilization is 0.92 from here on and the graph estimate is subtracted", function()
    vw.expect(subject.defaults.gpu_memory_utilization, 0.92)
    vw.expect(subject.memory.graph_estimate, "default")
    vw.expect(subject.memory.requested_rounds_up, true)
  end },
  { "an A100 is in the small tier by name, whatever its memory", function()
    local tier = subject.defaults.max_num_batched_tokens[2]
    vw.expect(tier, { least_gib = 70, value = 8192, unless_name = "a100" })
  end },
  { "a removed flag says what to write instead", function()
    vw.expect(subject.removed_flags["--cuda-graph-sizes"], "--cudagraph-capture-sizes")
  end },
}
