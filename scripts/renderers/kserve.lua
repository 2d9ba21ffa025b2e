-- inference-service.yaml: serving.kserve.io/v1beta1 of kserve/kserve, pkg/apis/serving/v1beta1, with a container of its
-- own in place of a runtime.
local kubernetes, scope = require "_kubernetes", require "_scope"

local function render(request)
  local plan = request.plan
  local out = scope.left_out(plan, "several_nodes", "vendor")
  if out then return out end
  local volumes, mounts = kubernetes.volumes(plan, { emptyDir = {} })
  local server = kubernetes.server(plan, request.release, mounts)
  server.name = "kserve-container"  -- the name that KServe looks for
  server.ports = { { name = "http1", containerPort = server.ports[1].containerPort, protocol = "TCP" } }
  local predictor = kubernetes.pod(plan, server, volumes)
  predictor.minReplicas = 1
  local metadata = kubernetes.metadata(plan)
  metadata.annotations = { ["serving.kserve.io/deploymentMode"] = "RawDeployment" }
  return { file = "inference-service.yaml", format = "yaml",
    data = { apiVersion = "serving.kserve.io/v1beta1", kind = "InferenceService", metadata = metadata,
      spec = { predictor = predictor } } }
end

return vw.renderer { id = "kserve", summary = "KServe InferenceService", render = render }
