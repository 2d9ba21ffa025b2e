-- leader-worker-set-ray.yaml: a server on several nodes that Ray connects.
local cluster, container, scope = require "_cluster", require "_container", require "_scope"
local sets = require "_leader_worker_set"

local function render(request)
  local plan, release = request.plan, request.release
  local out = scope.left_out(plan, "one_node", "vendor")
  if out then return out end
  local launch = cluster.ray(plan, release, sets.variables, container.words)
  return { file = "leader-worker-set-ray.yaml", format = "yaml-documents", data = sets.objects(plan, release, launch) }
end

return vw.renderer { id = "leader-worker-set-ray", summary = "LeaderWorkerSet of several nodes, over Ray",
  render = render }
