-- llm-d-values.yaml: values of the Helm chart llm-d-modelservice; llm-d-incubation/llm-d-modelservice,
-- charts/llm-d-modelservice/values.yaml.
local kubernetes, scope, serve, sizing = require "_kubernetes", require "_scope", require "_serve", require "_sizing"

-- The chart starts what `command` says where modelCommand is custom, and has a volume of its own for the model.
local function server(plan, release, shared_mount)
  local probes = kubernetes.probes(plan)
  return {
    name = "vllm", image = kubernetes.image(plan, release), modelCommand = "custom", command = { "vllm", "serve" },
    args = kubernetes.literals(serve.words(plan, release)), env = kubernetes.environment(plan),
    ports = { { name = "http", containerPort = sizing.rules.ports.server, protocol = "TCP" } },
    resources = kubernetes.resources(plan), mountModelVolume = true, volumeMounts = { shared_mount },
    startupProbe = probes.startupProbe, readinessProbe = probes.readinessProbe, livenessProbe = probes.livenessProbe,
  }
end

local function render(request)
  local plan, release = request.plan, request.release
  local out = scope.left_out(plan, "several_nodes", "vendor", "local_model")
  if out then return out end
  local config, model = plan.config, serve.model(plan)
  local volumes, mounts = kubernetes.volumes(plan, { emptyDir = {} })
  return { file = "llm-d-values.yaml", format = "yaml", data = {
    modelArtifacts = { uri = "hf://" .. model, name = model, size = sizing.quantity(sizing.disk_gib(plan)) },
    routing = { servicePort = sizing.rules.ports.server, proxy = { enabled = false } },
    decode = { create = true, replicas = 1, containers = { server(plan, release, mounts[1]) }, volumes = { volumes[1] },
      parallelism = { tensor = config.tensor_parallel_size or 1, data = config.data_parallel_size or 1 } },
    prefill = { create = false },
  } }
end

return vw.renderer { id = "llm-d", summary = "values for the llm-d-modelservice chart", render = render }
