-- A memory model: one candidate in, bytes out. `context` is what prepare returned; indices of a candidate count from 1.
-- Fields of the result: vw_memory in engine/abi/plugin.h.
local gib = 1073741824

local function prepare(settings)
  local model = settings.model
  return {
    gpus = settings.gpus,
    weights_bytes = settings.params * 2,  -- 16 bit
    kv_token_bytes = 2 * model.layers * math.max(model.kv_heads, 1) * model.head_dim * 2,
  }
end

local function estimate(context, candidate)
  local group = candidate.tensor_parallel * candidate.pipeline_parallel
  local vram_bytes = context.gpus[candidate.gpu].memory_mib * 1048576
  local sequence = context.kv_token_bytes * candidate.context_tokens
  return {
    scope_gpus = group,  -- the numbers are sums over this many GPUs
    total_bytes = vram_bytes * group,
    capacity_bytes = vram_bytes * group * candidate.utilization,
    weights_bytes = context.weights_bytes,
    overhead_bytes = gib * group,
    kv_sequence_bytes = sequence,
    kv_required_bytes = sequence * candidate.concurrency,
  }
end

return vw.memory_model {
  id = "${id}", summary = "16-bit weights, full attention, 1 GiB of overhead a GPU",
  policy = { headroom_gib = 0 }, prepare = prepare, estimate = estimate,
}
