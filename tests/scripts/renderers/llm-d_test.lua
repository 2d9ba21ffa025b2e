local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "the server as planned, with shared memory", function()
    local data = rendered({ config = { tensor_parallel_size = 2 } }).data
    vw.expect(data.decode.containers[1].args, { "org/model", "--tensor-parallel-size", "2", "--max-model-len", "4096",
      "--gpu-memory-utilization", "0.90" })
    vw.expect(data.decode.volumes, { { name = "shm", emptyDir = { medium = "Memory", sizeLimit = "4Gi" } } })
    vw.expect(data.modelArtifacts.uri, "hf://org/model")
  end },
  require "_missing_checkpoint" (subject),
}
