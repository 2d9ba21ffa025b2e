-- production-stack-values.yaml: values of the Helm chart vllm/vllm-stack; vllm-project/production-stack,
-- helm/values.yaml.
local container, kubernetes, scope = require "_container", require "_kubernetes", require "_scope"
local serve, sizing = require "_serve", require "_sizing"

-- The chart mounts shared memory where it is told the tensor parallel size, and writes that flag itself.
local function extra_arguments(plan, release)
  local list = {}
  for _, group in ipairs(serve.flags(plan, release)) do
    if group.extra or group[1] ~= "--tensor-parallel-size" then
      for _, word in ipairs(group) do list[#list + 1] = kubernetes.literal(word) end
    end
  end
  return list
end

local function environment(plan)
  local list = kubernetes.environment(plan)
  table.remove(list, 1)  -- the chart's own hf_token sets it
  return #list > 0 and list or nil
end

local function node_terms(plan)
  local wanted = {}
  for label, value in pairs(kubernetes.node_selector(plan) or {}) do
    wanted[1] = { key = label, operator = "In", values = { value } }
  end
  return wanted[1] and { { matchExpressions = wanted } } or nil
end

local function model(plan, release)
  local image, gpus = container.image(plan, release), container.gpus_per_node(plan)
  local memory = sizing.memory_gib(plan, gpus)
  return {
    name = kubernetes.name(plan), repository = image.repository, tag = image.tag, modelURL = serve.model(plan),
    replicaCount = 1, requestCPU = sizing.cpus(gpus), requestMemory = sizing.quantity(memory), requestGPU = gpus,
    requestGPUType = kubernetes.gpu_resource(plan),
    pvcStorage = sizing.quantity(sizing.disk_gib(plan)), pvcAccessMode = { "ReadWriteOnce" },
    shmSize = sizing.quantity(sizing.shared_gib(gpus)),
    hf_token = { secretName = kubernetes.secret, secretKey = kubernetes.secret_key },
    env = environment(plan), nodeSelectorTerms = node_terms(plan),
    vllmConfig = { tensorParallelSize = plan.config.tensor_parallel_size or 1,
      extraArgs = extra_arguments(plan, release) },
  }
end

local function render(request)
  local plan = request.plan
  local out = scope.left_out(plan, "several_nodes", "vendor", "local_model")
  if out then return out end
  local engine = { modelSpec = { model(plan, request.release) }, containerPort = container.port,
    startupProbe = kubernetes.probes(plan).startupProbe }
  return { file = "production-stack-values.yaml", format = "yaml", data = { servingEngineSpec = engine } }
end

return vw.renderer { id = "production-stack", summary = "values for the vLLM production-stack chart", render = render }
