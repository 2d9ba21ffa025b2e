-- A server on several nodes: the same short shell text on each, which finds out which node it is on, and the words of
-- `vllm serve` as its arguments.
local container, serve, sizing = require "_container", require "_serve", require "_sizing"
local cluster = {}
local ports = sizing.rules.ports

local function replica_gpus(plan)
  return (plan.config.tensor_parallel_size or 1) * (plan.config.pipeline_parallel_size or 1)
end

local function spans_nodes(plan) return replica_gpus(plan) > (plan.config.gpus_per_node or replica_gpus(plan)) end

-- The plan without what _serve says to Ray.
local function without_ray(plan)
  local copy, config = {}, {}
  for key, value in pairs(plan) do copy[key] = value end
  for key, value in pairs(plan.config) do config[key] = value end
  config.nodes, copy.config = 1, config
  return copy
end

-- Why vLLM itself cannot start this plan on its nodes. nil: it can. docs.vllm.ai, serving/parallelism_scaling and
-- serving/data_parallel_deployment.
function cluster.refusal(plan, release)
  local copies = (plan.config.data_parallel_size or 1) > 1
  if spans_nodes(plan) and copies then return "copies that span nodes are not written" end
  for _, flag in ipairs(copies and { "--headless", "--data-parallel-address" } or { "--nnodes", "--headless" }) do
    if not serve.knows(release, flag) then
      return string.format("vLLM %s has no %s: Ray does it", serve.version(plan, release) or "", flag)
    end
  end
end

local own_ranks = [[[ "$%s" -eq 0 ] || set -- "$@" --headless
exec vllm serve "$@" --nnodes %d --node-rank "$%s" --master-addr "$%s" --master-port %d]]

local own_copies = [[[ "$%s" -eq 0 ] || set -- "$@" --headless --data-parallel-start-rank "$((%s * %d))"
exec vllm serve "$@" --data-parallel-size-local %d --data-parallel-address "$%s" --data-parallel-rpc-port %d]]

local over_ray = [[if [ "$%s" -eq 0 ]; then ray start --head --port %d; exec vllm serve "$@"; fi
until ray start --address "$%s:%d" --block; do sleep 5; done]]

local function own_script(plan, rank, address)
  local config = plan.config
  if (config.data_parallel_size or 1) == 1 then
    return own_ranks:format(rank, config.nodes, rank, address, ports.master)
  end
  local ranks = math.tointeger(config.data_parallel_size // config.nodes)
  return own_copies:format(rank, rank, ranks, ranks, address, ports.data_parallel)
end

-- { script, words }: `bash -c script vllm words...` on every node. `variables` names two: `rank` has the number of the
-- node, 0 for the first, and `address` where the first one is. `words` makes the words of `vllm serve` from a plan.
function cluster.own(plan, release, variables, words)
  return { script = own_script(plan, variables.rank, variables.address),
    words = (words or serve.words)(without_ray(plan), release) }
end

function cluster.ray(plan, release, variables, words)
  return { script = over_ray:format(variables.rank, ports.ray, variables.address, ports.ray),
    words = (words or serve.words)(plan, release) }
end

-- Own where the release can, else Ray.
function cluster.either(plan, release, variables, words)
  return (cluster.refusal(plan, release) and cluster.ray or cluster.own)(plan, release, variables, words)
end

return cluster
