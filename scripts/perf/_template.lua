-- A performance heuristic: one candidate and its memory in, speed out. Fields of the result: vw_perf in
-- engine/abi/plugin.h. This one reads the weights once per token.
local function prepare(settings)
  return { bytes_per_s = (settings.gpus[1].memory_bandwidth_gb_s or 1000) * 1e9 }
end

local function estimate(context, candidate, memory)
  local bytes = math.max(memory.weights_bytes, 1) / candidate.tensor_parallel
  local tpot_ms = bytes / context.bytes_per_s * 1000
  return {
    tpot_ms = tpot_ms, tpot_low_ms = tpot_ms, tpot_high_ms = tpot_ms * 2,
    decode_tokens_per_s = 1000 / tpot_ms, bottleneck = "weights-bandwidth",
  }
end

return vw.perf_heuristic {
  id = "${id}", summary = "bandwidth of the card over the bytes of the weights", prepare = prepare, estimate = estimate,
}
