-- k8s-values.yaml: values for a Helm chart that runs one deployment.
local container, kubernetes, scope = require "_container", require "_kubernetes", require "_scope"

local function render(request)
  local plan = request.plan
  local out = scope.left_out(plan, "several_nodes")
  if out then return out end
  local image = container.image(plan, request.release)
  image.pullPolicy = "IfNotPresent"
  local volumes, mounts = kubernetes.volumes(plan, { emptyDir = {} })
  local data = kubernetes.probes(plan)
  data.replicaCount, data.image = 1, image
  data.command, data.args = { "vllm", "serve" }, kubernetes.literals(container.words(plan, request.release))
  data.env, data.resources = kubernetes.environment(plan), kubernetes.resources(plan)
  data.volumes, data.volumeMounts, data.nodeSelector = volumes, mounts, kubernetes.node_selector(plan)
  data.service = { type = "ClusterIP", port = container.port }
  return { artifact = "k8s_values", file = "k8s-values.yaml", format = "yaml", data = data }
end

return vw.renderer { id = "k8s", summary = "values for a Helm chart", render = render }
