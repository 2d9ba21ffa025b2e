-- What cards can run, where several formats share the answer. compute_capability is the lowest on which vLLM starts at
-- all; the reason says where a slower path begins. gfx: AMD targets (prefixes); absent: not restricted.
local needs = {}

needs.fp8_weights = {
  compute_capability = 8.0,
  gfx = { "gfx942", "gfx950", "gfx12" },
  reason = "8-bit matrix units from 8.9 and MI300 on; on 8.0 to 8.8 weights stay fp8 and Marlin computes in 16 bit",
}

needs.fp8_kv = {
  compute_capability = 8.9,
  gfx = { "gfx942", "gfx950", "gfx12" },
  reason = "the fp8 KV cache needs fp8 conversion in hardware: 8.9 and up, MI300 and up",
}

needs.fp4_weights = {
  compute_capability = 8.0,
  gfx = { "gfx90a", "gfx942" },
  reason = "4-bit float matrix units from 10.0 on; below, Marlin unpacks to 16 bit",
}

return needs
