-- kubernetes.yaml: a deployment, its service and a claim for the weights; of several models on one card, a pod with a
-- container each.
local container, kubernetes, scope = require "_container", require "_kubernetes", require "_scope"
local sizing = require "_sizing"

local function deployment(plan, release, cache)
  local volumes, mounts = kubernetes.volumes(plan, cache)
  local pod = kubernetes.pod(plan, kubernetes.server(plan, release, mounts), volumes)
  local labels = kubernetes.labels(plan)
  return {
    apiVersion = "apps/v1", kind = "Deployment", metadata = kubernetes.metadata(plan),
    spec = {
      replicas = 1, selector = { matchLabels = labels },
      strategy = { type = "Recreate" },  -- a second pod would wait for the GPUs of the first
      template = { metadata = { labels = labels }, spec = pod },
    },
  }
end

local function render(request)
  local plan = request.plan
  local out = scope.left_out(plan, "several_nodes", "vendor")
  if out then return out end
  local objects, cache = {}, { emptyDir = {} }
  if not container.local_model(plan) then
    local claim = { apiVersion = "v1", kind = "PersistentVolumeClaim",
      metadata = kubernetes.metadata(plan, "-cache"), spec = kubernetes.claim(plan) }
    cache, objects[1] = { persistentVolumeClaim = { claimName = claim.metadata.name } }, claim
  end
  objects[#objects + 1] = deployment(plan, request.release, cache)
  objects[#objects + 1] = kubernetes.service(plan)
  return { file = "kubernetes.yaml", format = "yaml-documents", data = objects }
end

-- All servers stand in one pod, so that they share its card. Those before the last are sidecars (Kubernetes 1.29): each
-- starts when the start-up probe of the one before has succeeded. A card is shared by as many containers as the device
-- plugin offers replicas of it (github.com/NVIDIA/k8s-device-plugin, sharing.timeSlicing), which holds for nodes with one
-- such card only: nobody can say which replica lies on which card.
local function shared_pod(request, cache)
  local list, pods, volumes, seen = {}, {}, {}, {}
  for index, server in ipairs(request.servers) do
    local own, mounts = kubernetes.volumes(server.plan, cache)
    for _, volume in ipairs(own) do
      -- folders of different models lie beside each other
      if volume.name == "model" then volume.name = "model-" .. server.name end
      if not seen[volume.name] then seen[volume.name], volumes[#volumes + 1] = true, volume end
    end
    for _, mount in ipairs(mounts) do if mount.name == "model" then mount.name = "model-" .. server.name end end
    local one = kubernetes.server(server.plan, request.release, mounts)
    one.name, one.ports[1].name = server.name, string.format("http-%d", index)
    one.restartPolicy = index < #request.servers and "Always" or nil
    list[index] = one
  end
  pods.containers, pods.volumes = { table.remove(list) }, volumes
  pods.initContainers = #list > 0 and list or nil
  pods.nodeSelector, pods.enableServiceLinks = kubernetes.node_selector(request.servers[1].plan), false
  return pods
end

local function named(name) return { name = name, labels = { ["app.kubernetes.io/name"] = "vllm-pack" } } end

-- On one card: more are never surely shared as planned.
local function on_one_card(servers)
  for _, server in ipairs(servers) do
    if #server.cards > 1 or server.cards[1] ~= servers[1].cards[1] then return false end
  end
  return true
end

local function time_slicing(request)
  local plan = request.servers[1].plan
  local resource = { name = kubernetes.gpu_resource(plan), replicas = #request.servers }
  local config = { version = "v1", sharing = { timeSlicing = { resources = { resource } } } }
  return { apiVersion = "v1", kind = "ConfigMap", metadata = named("vllm-pack-device-plugin"),
    data = { ["config.yaml"] = vw.json(config) } }
end

local function service_of(server)
  return { apiVersion = "v1", kind = "Service", metadata = named("vllm-" .. server.name),
    spec = { type = "ClusterIP", selector = named("").labels,
      ports = { { name = "http", port = container.port, targetPort = container.port_of(server.plan) } } } }
end

local function render_pack(request)
  local first = request.servers[1].plan
  local out = scope.left_out(first, "vendor")
  if out then return out end
  if container.is_amd(first) then return { left_out = "shares a card by NVIDIA's device plugin, the plan has one of AMD" } end
  if first.hardware.mig_profile then return { left_out = "shares a whole card, the plan has a slice" } end
  if not on_one_card(request.servers) then
    return { left_out = "shares one card: a cluster cannot be told which replica lies on which of several" }
  end
  local storage = 0
  for _, server in ipairs(request.servers) do
    storage = storage + (container.local_model(server.plan) and 0 or sizing.disk_gib(server.plan))
  end
  local objects, cache = { time_slicing(request) }, { emptyDir = {} }
  if storage > 0 then
    objects[2] = { apiVersion = "v1", kind = "PersistentVolumeClaim", metadata = named("vllm-pack-cache"),
      spec = { accessModes = { "ReadWriteOnce" }, resources = { requests = { storage = sizing.quantity(storage) } } } }
    cache = { persistentVolumeClaim = { claimName = "vllm-pack-cache" } }
  end
  objects[#objects + 1] = { apiVersion = "apps/v1", kind = "Deployment", metadata = named("vllm-pack"), spec = {
    replicas = 1, selector = { matchLabels = named("").labels }, strategy = { type = "Recreate" },
    template = { metadata = { labels = named("").labels }, spec = shared_pod(request, cache) } } }
  for _, server in ipairs(request.servers) do objects[#objects + 1] = service_of(server) end
  return { file = "kubernetes.yaml", format = "yaml-documents", data = objects }
end

return vw.renderer { id = "kubernetes", summary = "Kubernetes deployment, service and claim for the weights",
  render = render, render_pack = render_pack }
