-- kubernetes.yaml: a deployment, its service and a claim for the weights.
local container, kubernetes, scope = require "_container", require "_kubernetes", require "_scope"

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

return vw.renderer { id = "kubernetes", summary = "Kubernetes deployment, service and claim for the weights",
  render = render }
