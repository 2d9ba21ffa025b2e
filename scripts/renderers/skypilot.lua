-- skypilot.yaml: a task for `sky launch`; docs.skypilot.co, reference/yaml-spec.
local cards = require "_cards"
local cluster, container, kubernetes = require "_cluster", require "_container", require "_kubernetes"
local scope, serve, sizing = require "_scope", require "_serve", require "_sizing"

local function accelerator(plan)
  local card = cards[plan.hardware.gpu_id]
  return card and card.skypilot
end

local function resources(plan, release)
  local gpus = container.gpus_per_node(plan)
  local memory = sizing.memory_gib(plan, gpus)
  return {
    accelerators = { [accelerator(plan)] = gpus },
    cpus = string.format("%.0f+", sizing.cpus(gpus)), memory = string.format("%.0f+", memory),
    disk_size = sizing.disk_gib(plan), ports = container.port,
    image_id = "docker:" .. kubernetes.image(plan, release),
  }
end

local function quoted(words)
  local list = {}
  for index, word in ipairs(words) do list[index] = serve.quoted(word) end
  return table.concat(list, " ")
end

-- The first address of SKYPILOT_NODE_IPS, a line each, is that of node 0.
local function run(plan, release)
  if (plan.config.nodes or 1) == 1 then return "vllm serve " .. quoted(serve.words(plan, release)) end
  local launch = cluster.either(plan, release, { rank = "SKYPILOT_NODE_RANK", address = "VLLM_HEAD" })
  local words = { "bash", "-c", launch.script, "vllm" }
  table.move(launch.words, 1, #launch.words, 5, words)
  return "export VLLM_HEAD=${SKYPILOT_NODE_IPS%%$'\\n'*}\n" .. quoted(words)
end

local function render(request)
  local plan, release = request.plan, request.release
  local out = scope.left_out(plan, "local_model")
  if out then return out end
  if not accelerator(plan) then
    local card = plan.hardware.gpu_name or "this card"
    return { left_out = serve.clean("SkyPilot's name of " .. card .. " is not known") }
  end
  local environment = {}
  for _, variable in ipairs(serve.environment(plan)) do environment[variable[1]] = variable[2] end
  return { file = "skypilot.yaml", format = "yaml", data = {
    name = kubernetes.name(plan), num_nodes = plan.config.nodes or 1, resources = resources(plan, release),
    envs = next(environment) and environment or nil,
    secrets = { HF_TOKEN = vw.null },  -- sky launch --secret HF_TOKEN
    run = run(plan, release),
  } }
end

return vw.renderer { id = "skypilot", summary = "SkyPilot task", render = render }
