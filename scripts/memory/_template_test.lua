local settings = { params = 7000000000, gpus = { { memory_mib = 24576 } },
  model = { layers = 32, kv_heads = 8, head_dim = 128 } }
local candidate = { gpu = 1, tensor_parallel = 1, pipeline_parallel = 1, context_tokens = 4096, concurrency = 1, utilization = 0.9 }

return {
  { "the KV cache grows with the context", function()
    local context = subject.prepare(settings)
    vw.expect(subject.estimate(context, candidate).kv_required_bytes, 536870912)
  end },
}
