local plan = require "_plan"

local function render(request)
  request.verb, request.plan = "render", request.plan or plan()
  local answer = subject.render(request)
  vw.expect({ answer.artifact == nil, answer.file, answer.format }, { true, "profile.yaml", "yaml" })
  return answer.data
end

return {
  { "every key of the format is written, null where the default holds", function()
    vw.expect(render { profile = { model = { id = "org/model" } } }, {
      profile_version = 1,
      model = { id = "org/model", revision = vw.null, dtype = vw.null, quantization = vw.null, kv_cache_dtype = vw.null,
        max_model_len = vw.null, params_b = vw.null },
      hardware = { gpu_name = vw.null, gpus = vw.null, vram_gb = vw.null, interconnect = vw.null, tp_size = vw.null },
      workload = { prompt_tokens = vw.null, gen_tokens = vw.null, concurrency = vw.null, streaming = vw.null,
        mode = vw.null },
      policy = { gpu_memory_utilization = vw.null, overhead_gb = vw.null, fragmentation_factor = vw.null,
        headroom_gb = vw.null },
      outputs = { emit = vw.null, vllm_args = vw.null },
      parts = { memory_model = vw.null, perf_model = vw.null },
    })
  end },
  { "what the profile says more is kept", function()
    local made = render { profile = { hardware = { nodes = 2 }, engine = { vllm_version = "0.21.0" } } }
    vw.expect({ made.hardware.nodes, made.engine.vllm_version }, { 2, "0.21.0" })
  end },
  { "the profile that was handed over is not changed", function()
    local given = { model = { id = "org/model" } }
    render { profile = given }
    vw.expect(given, { model = { id = "org/model" } })
  end },
}
