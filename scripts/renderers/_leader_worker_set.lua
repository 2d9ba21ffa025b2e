-- A LeaderWorkerSet: leaderworkerset.x-k8s.io/v1 of kubernetes-sigs/lws,
-- api/leaderworkerset/v1/leaderworkerset_types.go.
local container, kubernetes = require "_container", require "_kubernetes"
local sets = {}

-- Set by LWS in every container; kubernetes-sigs/lws, docs: labels, annotations and environment variables.
sets.variables = { rank = "LWS_WORKER_INDEX", address = "LWS_LEADER_ADDRESS" }

-- A claim of its own for each pod, as a disk is mounted by one node at a time.
local function pod(plan, release, launch)
  local cache = { ephemeral = { volumeClaimTemplate = { spec = kubernetes.claim(plan) } } }
  if container.local_model(plan) then cache = { emptyDir = {} } end
  local volumes, mounts = kubernetes.volumes(plan, cache)
  local server = kubernetes.server(plan, release, mounts, { "bash", "-c", launch.script, "vllm" }, launch.words)
  return kubernetes.pod(plan, server, volumes)
end

-- Workers answer no HTTP.
local function without_http(worker)
  local server = worker.containers[1]
  server.ports, server.startupProbe, server.readinessProbe, server.livenessProbe = nil, nil, nil, nil
  return worker
end

function sets.objects(plan, release, launch)
  local labels = kubernetes.labels(plan)
  local leader = { role = "leader" }
  for key, value in pairs(labels) do leader[key] = value end
  local set = {
    apiVersion = "leaderworkerset.x-k8s.io/v1", kind = "LeaderWorkerSet", metadata = kubernetes.metadata(plan),
    spec = { replicas = 1, leaderWorkerTemplate = {
      size = plan.config.nodes, restartPolicy = "RecreateGroupOnPodRestart",
      leaderTemplate = { metadata = { labels = leader }, spec = pod(plan, release, launch) },
      workerTemplate = { metadata = { labels = labels }, spec = without_http(pod(plan, release, launch)) },
    } },
  }
  -- not the set's own name, which its headless service has
  local service = kubernetes.service(plan, leader)
  service.metadata.name = service.metadata.name .. "-leader"
  return { set, service }
end

return sets
