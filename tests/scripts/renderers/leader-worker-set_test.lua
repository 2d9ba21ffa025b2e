local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

local function nodes(changes)
  local config = { nodes = 2, gpus_per_node = 8, tensor_parallel_size = 8, pipeline_parallel_size = 2 }
  for key, value in pairs(changes or {}) do config[key] = value end
  return { config = config }
end

local function script(changes)
  local template = rendered(nodes(changes)).data[1].spec.leaderWorkerTemplate
  return template.workerTemplate.spec.containers[1].command[3]
end

return {
  { "ranks of one server", function()
    vw.expect(script(), '[ "$LWS_WORKER_INDEX" -eq 0 ] || set -- "$@" --headless\nexec vllm serve "$@" --nnodes 2 '
      .. '--node-rank "$LWS_WORKER_INDEX" --master-addr "$LWS_LEADER_ADDRESS" --master-port 29501')
  end },
  { "copies, some on each node", function()
    vw.expect(script { tensor_parallel_size = 1, pipeline_parallel_size = 1, data_parallel_size = 16 },
      '[ "$LWS_WORKER_INDEX" -eq 0 ] || set -- "$@" --headless --data-parallel-start-rank '
      .. '"$$((LWS_WORKER_INDEX * 8))"\nexec vllm serve "$@" --data-parallel-size-local 8 '
      .. '--data-parallel-address "$LWS_LEADER_ADDRESS" --data-parallel-rpc-port 29550')
  end },
  { "only the leader is asked for its health", function()
    local template = rendered(nodes()).data[1].spec.leaderWorkerTemplate
    vw.expect(template.workerTemplate.spec.containers[1].startupProbe, nil)
    vw.expect(template.leaderTemplate.spec.containers[1].startupProbe.httpGet.path, "/health")
    vw.expect(template.size, 2)
  end },
  { "a release that cannot is left to Ray", function()
    vw.expect(rendered(nodes(), { id = "0.12.0", flags = { "--headless" } }),
      { left_out = "vLLM 0.21.0 has no --nnodes: Ray does it" })
  end },
  { "one node needs no set", function()
    vw.expect(rendered(), { left_out = "starts a server on several nodes, the plan has one" })
  end },
}
