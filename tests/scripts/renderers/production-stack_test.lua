local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "the tensor parallel size is the chart's own, all else are arguments", function()
    local model = rendered({ config = { tensor_parallel_size = 4 } }).data.servingEngineSpec.modelSpec[1]
    vw.expect(model.vllmConfig, { tensorParallelSize = 4,
      extraArgs = { "--max-model-len", "4096", "--gpu-memory-utilization", "0.90" } })
    vw.expect({ model.shmSize, model.requestMemory, model.requestGPU }, { "8Gi", "32Gi", 4 })
    vw.expect(model.hf_token, { secretName = "huggingface", secretKey = "token" })
  end },
  require "_missing_checkpoint" (subject),
}
