-- What Kubernetes objects share: names, the container of the server, its volumes and probes.
local cards = require "_cards"
local container, serve, sizing = require "_container", require "_serve", require "_sizing"
local kubernetes = { secret = "huggingface", secret_key = "token" }
local rules = sizing.rules

-- Kubernetes replaces $(NAME) in arguments, and $$ by $ (third_party/forked/golang/expansion); a lone $ stays.
function kubernetes.literal(word)
  return (word:gsub("%$+%(?", function(signs) return signs ~= "$" and signs:gsub("%$", "$$") or signs end))
end

function kubernetes.literals(words)
  local list = {}
  for index, word in ipairs(words) do list[index] = kubernetes.literal(word) end
  return list
end

-- RFC 1123 label with room for endings: vllm-llama-3-1-8b-instruct.
function kubernetes.name(plan)
  local model = serve.model(plan):lower():gsub("/+$", ""):match("[^/]*$") or ""
  return (("vllm-" .. model):gsub("[^a-z0-9]+", "-"):sub(1, 50):gsub("%-+$", ""))
end

function kubernetes.labels(plan)
  return { ["app.kubernetes.io/name"] = "vllm", ["app.kubernetes.io/instance"] = kubernetes.name(plan) }
end

function kubernetes.metadata(plan, ending)
  return { name = kubernetes.name(plan) .. (ending or ""), labels = kubernetes.labels(plan) }
end

function kubernetes.token(key)
  local secret = { name = kubernetes.secret, key = key or kubernetes.secret_key, optional = true }
  return { name = "HF_TOKEN", valueFrom = { secretKeyRef = secret } }
end

function kubernetes.environment(plan)
  local list = { kubernetes.token() }
  for _, variable in ipairs(serve.environment(plan)) do
    list[#list + 1] = { name = variable[1], value = kubernetes.literal(variable[2]) }
  end
  return list
end

function kubernetes.gpu_resource(plan)
  if container.is_amd(plan) then return "amd.com/gpu" end  -- ROCm/k8s-device-plugin
  local slice = plan.hardware.mig_profile
  -- NVIDIA/k8s-device-plugin; of MIG slices with its strategy `mixed`
  return slice and "nvidia.com/mig-" .. slice or "nvidia.com/gpu"
end

function kubernetes.resources(plan)
  local name, gpus = kubernetes.gpu_resource(plan), container.gpus_per_node(plan)
  local memory, most = sizing.memory_gib(plan, gpus)
  local count = serve.whole(gpus)
  return {
    requests = { [name] = count, memory = sizing.quantity(memory), cpu = serve.whole(sizing.cpus(gpus)) },
    limits = { [name] = count, memory = sizing.quantity(most) },
  }
end

-- The nodes that have the card. nil: any node, as nobody knows how they would be labelled.
function kubernetes.node_selector(plan)
  local card = cards[plan.hardware.gpu_id]
  return card and { ["nvidia.com/gpu.product"] = card.product } or nil
end

-- The volumes of a pod; `cache` is the source of the one for the weights, { emptyDir = {} } for instance.
function kubernetes.volumes(plan, cache)
  local shared = sizing.quantity(sizing.shared_gib(container.gpus_per_node(plan)))
  local volume = { name = container.cache_volume }
  for key, value in pairs(cache) do volume[key] = value end
  local list = { { name = "shm", emptyDir = { medium = "Memory", sizeLimit = shared } }, volume }
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

-- What a claim of the cache asks for.
function kubernetes.claim(plan)
  return { accessModes = { "ReadWriteOnce" },
    resources = { requests = { storage = sizing.quantity(sizing.disk_gib(plan)) } } }
end

local function probe(plan, period_seconds, failures)
  return { httpGet = { path = "/health", port = container.port_of(plan) }, periodSeconds = period_seconds,
    failureThreshold = failures }
end

-- The start-up probe waits for as long as weights of this size take.
function kubernetes.probes(plan)
  local seconds, each = sizing.startup_s(plan), rules.probe
  return {
    startupProbe = probe(plan, each.start_period_s, math.ceil(seconds / each.start_period_s)),
    readinessProbe = probe(plan, each.ready_period_s, each.ready_failures),
    livenessProbe = probe(plan, each.live_period_s, each.live_failures),
  }
end

function kubernetes.image(plan, release)
  local image = container.image(plan, release)
  return image.repository .. ":" .. image.tag
end

-- The container of the server. `words` replaces its arguments, `command` what they are given to.
function kubernetes.server(plan, release, mounts, command, words)
  local server = kubernetes.probes(plan)
  server.name, server.image = "vllm", kubernetes.image(plan, release)
  server.command = command and kubernetes.literals(command) or { "vllm", "serve" }
  server.args = kubernetes.literals(words or container.words(plan, release))
  server.env, server.resources = kubernetes.environment(plan), kubernetes.resources(plan)
  server.ports = { { name = "http", containerPort = container.port_of(plan) } }
  server.volumeMounts = mounts
  return server
end

-- Without service links, as those of a service named vllm would set VLLM_PORT (docs.vllm.ai, usage/env_vars).
function kubernetes.pod(plan, server, volumes)
  return { containers = { server }, volumes = volumes, nodeSelector = kubernetes.node_selector(plan),
    enableServiceLinks = false }
end

function kubernetes.service(plan, selector)
  return { apiVersion = "v1", kind = "Service", metadata = kubernetes.metadata(plan),
    spec = { type = "ClusterIP", selector = selector or kubernetes.labels(plan),
      ports = { { name = "http", port = container.port, targetPort = "http" } } } }
end

return kubernetes
