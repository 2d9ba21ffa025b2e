-- vllm.sbatch: the server as a SLURM job, on one node or several.
local cluster, container, kubernetes = require "_cluster", require "_container", require "_kubernetes"
local serve, sizing = require "_serve", require "_sizing"

-- slurm.schedmd.com/sbatch.html
local function directives(plan)
  local gpus = container.gpus_per_node(plan)
  local _, memory = sizing.memory_gib(plan, gpus)
  return {
    "#SBATCH --job-name=" .. kubernetes.name(plan),
    string.format("#SBATCH --nodes=%.0f", plan.config.nodes or 1),
    "#SBATCH --ntasks-per-node=1",
    string.format("#SBATCH --gpus-per-node=%.0f", gpus),
    string.format("#SBATCH --cpus-per-task=%.0f", sizing.cpus(gpus)),
    string.format("#SBATCH --mem=%.0fG", memory),
  }
end

local function commands(plan, release)
  local list = {}
  for _, variable in ipairs(serve.environment(plan)) do
    list[#list + 1] = { "export", { raw = variable[1] .. "=" .. serve.quoted(variable[2]) } }
  end
  local step = { "srun" }
  if (plan.config.nodes or 1) > 1 then
    local launch = cluster.either(plan, release, { rank = "SLURM_NODEID", address = "VLLM_HEAD" })
    list[#list + 1] = { raw = 'nodes=$(scontrol show hostnames "$SLURM_JOB_NODELIST")' }
    list[#list + 1] = { raw = "export VLLM_HEAD=${nodes%%$'\\n'*}" }
    table.move({ "bash", "-c", launch.script, "vllm" }, 1, 4, 2, step)
    table.move(launch.words, 1, #launch.words, #step + 1, step)
  else
    local words = serve.words(plan, release, serve.model_from_anywhere(plan))
    table.move({ "vllm", "serve" }, 1, 2, 2, step)
    table.move(words, 1, #words, #step + 1, step)
  end
  list[#list + 1] = step
  return list
end

local function render(request)
  local plan, release = request.plan, request.release
  local comments = serve.comments(plan, release, true)
  comments[#comments + 1] = "sbatch vllm.sbatch; add --partition, --account and --time as your cluster asks"
  comments[#comments + 1] = "HF_TOKEN is taken from the environment that sbatch runs in"
  return { file = "vllm.sbatch", format = "shell", executable = false,
    data = { directives = directives(plan), comments = comments, commands = commands(plan, release) } }
end

return vw.renderer { id = "slurm", summary = "SLURM batch script", render = render }
