-- A performance heuristic: one candidate and its memory in, speed out. Fields of the result: vw_perf in
-- engine/abi/plugin.h. This one reads the weights once per token. Bytes of `memory` are of memory.scope_gpus GPUs.
local function prepare(settings)
  return { gpus = settings.gpus }
end

local function estimate(context, candidate, memory)
  local gpu = context.gpus[candidate.gpu]
  local bytes = math.max(memory.weights_bytes, 1) / math.max(memory.scope_gpus or 1, 1)
  local tpot_ms = bytes / ((gpu.memory_bandwidth_gb_s or 1000) * 1e9) * 1000
  return {
    tpot_ms = tpot_ms, tpot_low_ms = tpot_ms, tpot_high_ms = tpot_ms * 2,
    decode_tokens_per_s = 1000 / tpot_ms, output_tokens_per_s = candidate.concurrency * 1000 / tpot_ms,
    bottleneck = "weights-bandwidth",
  }
end

return vw.perf_heuristic {
  id = "${id}", summary = "bandwidth of the card over the bytes of the weights", prepare = prepare, estimate = estimate,
}
