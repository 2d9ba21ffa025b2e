local plan = require "_plan"

local function values(changes)
  local answer = subject.render { verb = "render", plan = plan(changes), release = {} }
  vw.expect({ answer.artifact, answer.file, answer.format }, { "k8s_values", "k8s-values.yaml", "yaml" })
  return answer.data
end

return {
  { "image, arguments and GPUs", function()
    local made = values { config = { tensor_parallel_size = 4 } }
    vw.expect(made.image, { repository = "vllm/vllm-openai", tag = "v0.21.0", pullPolicy = "IfNotPresent" })
    vw.expect(made.args, { "org/model", "--tensor-parallel-size", "4", "--max-model-len", "4096",
      "--gpu-memory-utilization", "0.90" })
    vw.expect(made.resources.limits, { ["nvidia.com/gpu"] = "4", memory = "88Gi" })
    vw.expect(made.resources.requests, { ["nvidia.com/gpu"] = "4", memory = "32Gi", cpu = "8" })
  end },
  { "shared memory grows with the GPUs", function()
    vw.expect(values({ config = { tensor_parallel_size = 4 } }).volumes[1],
      { name = "shm", emptyDir = { medium = "Memory", sizeLimit = "8Gi" } })
  end },
  { "the token comes from a secret that may be missing", function()
    vw.expect(values().env, { { name = "HF_TOKEN", valueFrom = { secretKeyRef = {
      name = "huggingface", key = "token", optional = true } } } })
  end },
  { "arguments that look like variables survive Kubernetes", function()
    local made = values { config = { vllm_args = { "--x=$(HOME) $y $", "$$z $$(a)" } } }
    vw.expect({ made.args[6], made.args[7] }, { "--x=$$(HOME) $y $", "$$$$z $$$$(a)" })
  end },
  { "AMD GPUs have their own resource", function()
    vw.expect(values({ hardware = { architecture = "cdna3" } }).resources.limits,
      { ["amd.com/gpu"] = "1", memory = "22Gi" })
  end },
  { "a deployment is no server on several nodes", function()
    local answer = subject.render { plan = plan { config = { nodes = 2, pipeline_parallel_size = 2 } }, release = {} }
    vw.expect(answer, { left_out = "starts a server on one node, the plan has 2" })
  end },
  { "the start-up probe waits as long as the weights take", function()
    local function failures(bytes) return values({ model = { weights_bytes = bytes } }).startupProbe.failureThreshold end
    vw.expect({ failures(1e9), failures(236e9) }, { 66, 528 })
  end },
  require "_missing_checkpoint" (subject),
}
