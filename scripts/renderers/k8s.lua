-- k8s-values.yaml: values for a Helm chart that runs one deployment.
local container, serve = require "_container", require "_serve"

-- Kubernetes replaces $(NAME) in arguments; $$( is plain.
local function arguments(plan, release)
  local list = {}
  for index, word in ipairs(container.words(plan, release)) do list[index] = word:gsub("%$%(", "$$(") end
  return list
end

local function environment(plan)
  local secret = { name = "huggingface", key = "token", optional = true }
  local list = { { name = "HF_TOKEN", valueFrom = { secretKeyRef = secret } } }
  for _, variable in ipairs(serve.environment(plan)) do list[#list + 1] = { name = variable[1], value = variable[2] } end
  return list
end

local function resources(plan)
  local name = container.is_amd(plan) and "amd.com/gpu" or "nvidia.com/gpu"
  local gpus = container.gpus_per_node(plan)
  return { limits = { [name] = gpus }, requests = { [name] = gpus } }
end

-- Workers of one server talk through shared memory, and the 64 MiB that a pod has are too few.
local function volumes(plan)
  local shared_gib = 2 * container.gpus_per_node(plan)
  local list = {
    { name = "shm", emptyDir = { medium = "Memory", sizeLimit = string.format("%.0fGi", shared_gib) } },
    { name = container.cache_volume, emptyDir = {} },
  }
  local mounts = {
    { name = "shm", mountPath = "/dev/shm" },
    { name = container.cache_volume, mountPath = container.cache_path },
  }
  local mounted = container.local_model(plan)
  if mounted then
    list[3] = { name = "model", hostPath = { path = mounted.folder, type = "Directory" } }
    mounts[3] = { name = "model", mountPath = "/model", readOnly = true }
  end
  return list, mounts
end

local function probe(period_seconds, failures)
  return { httpGet = { path = "/health", port = container.port }, periodSeconds = period_seconds,
    failureThreshold = failures }
end

local function render(request)
  local image = container.image(request.plan, request.release)
  image.pullPolicy = "IfNotPresent"
  local volume_list, mounts = volumes(request.plan)
  return {
    artifact = "k8s_values", file = "k8s-values.yaml", format = "yaml",
    data = {
      replicaCount = 1, image = image,
      command = { "vllm", "serve" }, args = arguments(request.plan, request.release),
      env = environment(request.plan),
      resources = resources(request.plan), volumes = volume_list, volumeMounts = mounts,
      service = { type = "ClusterIP", port = container.port },
      startupProbe = probe(10, 180), readinessProbe = probe(10, 3), livenessProbe = probe(20, 6),
    },
  }
end

return vw.renderer { id = "k8s", summary = "values for a Helm chart", render = render }
