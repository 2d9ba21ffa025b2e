return {
  { "twice the bytes take twice the time", function()
    local context = subject.prepare { gpus = { { memory_bandwidth_gb_s = 1000 } } }
    local candidate = { gpu = 1, concurrency = 1 }
    local one = subject.estimate(context, candidate, { weights_bytes = 14e9 })
    local two = subject.estimate(context, candidate, { weights_bytes = 28e9 })
    vw.expect({ one.tpot_ms, two.tpot_ms }, { 14.0, 28.0 })
  end },
}
