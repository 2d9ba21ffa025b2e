-- What a service needs beside its GPUs. The rules are data, each with its source; every artifact takes its numbers
-- here.
local sizing = {}
local gib = 2 ^ 30

sizing.rules = {
  ports = {
    server = 8000,       -- vllm/entrypoints/openai/cli_args.py: --port
    router = 4000,       -- docs.litellm.ai, proxy quick start: --port
    ray = 6379,          -- docs.ray.io, `ray start`: --port
    master = 29501,      -- vllm/engine/arg_utils.py: --master-port
    data_parallel = 29550,  -- vllm/config/parallel.py: data_parallel_rpc_port
  },
  loading = {
    download_bytes_per_s = 125e6,  -- IEEE 802.3ab: a line of 1 Gbit/s
    read_bytes_per_s = 550e6,      -- SATA 3.0, 6 Gbit/s less 8b/10b coding
    warm_up_s = 300,               -- assumed: compilation and graph capture, minutes in logged starts
    safety = 2,                    -- assumed: a probe that gives up early restarts a server that would have come up
    least_s = 600,                 -- assumed: small models wait for the image, too
    unknown_s = 3600,              -- assumed, where nobody knows the size of the weights
  },
  -- docs.vllm.ai, deployment/k8s: the example for one GPU
  host = {
    shared_gib_per_gpu = 2, memory_gib_per_gpu = 6, most_memory_gib_per_gpu = 20, cpus_per_gpu = 2,
  },
  disk = {
    factor = 1.2, step_gib = 10,   -- assumed: the weights, tokenizer and compiled graphs, in round claims
    most_short = 0.02, most_over = 0.1,  -- assumed: how far a checkpoint's files may be from the planned bytes
  },
  probe = { start_period_s = 10, ready_period_s = 10, ready_failures = 3, live_period_s = 20, live_failures = 6 },
  alert = { latency_factor = 1.5, cache_share = 0.95, quantile = 0.95 },  -- assumed; latencies over the plan's high end
}
local rules = sizing.rules

-- Bytes that a node downloads or reads. nil: nobody knows.
function sizing.weights_bytes(plan)
  local model = plan.model or {}
  return model.weights_bytes or (model.params and model.params * 2)
end

function sizing.startup_s(plan)
  local loading, bytes = rules.loading, sizing.weights_bytes(plan)
  if not bytes then return loading.unknown_s end
  local seconds = bytes / loading.download_bytes_per_s + bytes / loading.read_bytes_per_s + loading.warm_up_s
  return math.max(loading.least_s, math.ceil(seconds * loading.safety / 60) * 60)
end

-- The same where the weights are on the node already.
function sizing.restart_s(plan)
  local loading, bytes = rules.loading, sizing.weights_bytes(plan) or 0
  return math.ceil((bytes / loading.read_bytes_per_s + loading.warm_up_s) * loading.safety / 60) * 60
end

-- Workers of one server talk through shared memory, and the 64 MiB that a container has are too few.
function sizing.shared_gib(gpus) return rules.host.shared_gib_per_gpu * gpus end

-- Host memory to ask for and the most of it, in GiB: shared memory counts as memory.
function sizing.memory_gib(plan, gpus)
  local serving = plan.config.serving or {}
  local beside = sizing.shared_gib(gpus) + math.ceil((serving.cpu_offload_gib or 0) * gpus)
  return rules.host.memory_gib_per_gpu * gpus + beside, rules.host.most_memory_gib_per_gpu * gpus + beside
end

function sizing.cpus(gpus) return rules.host.cpus_per_gpu * gpus end

function sizing.disk_gib(plan)
  local disk = rules.disk
  local needed = (sizing.weights_bytes(plan) or 0) / gib * disk.factor + disk.step_gib
  return math.ceil(needed / disk.step_gib) * disk.step_gib
end

function sizing.quantity(number) return string.format("%.0fGi", number) end

return sizing
