-- leader-worker-set.yaml: a server on several nodes that vLLM itself connects.
local cluster, container, scope = require "_cluster", require "_container", require "_scope"
local sets = require "_leader_worker_set"

local function render(request)
  local plan, release = request.plan, request.release
  local out = scope.left_out(plan, "one_node", "vendor")
  if out then return out end
  local refusal = cluster.refusal(plan, release)
  if refusal then return { left_out = refusal } end
  local launch = cluster.own(plan, release, sets.variables, container.words)
  return { file = "leader-worker-set.yaml", format = "yaml-documents", data = sets.objects(plan, release, launch) }
end

return vw.renderer { id = "leader-worker-set", summary = "LeaderWorkerSet of several nodes, vLLM's own way",
  render = render }
