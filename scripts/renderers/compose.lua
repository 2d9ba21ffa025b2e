-- docker-compose.yaml: one service with its GPUs reserved.
local container, scope, serve, sizing = require "_container", require "_scope", require "_serve", require "_sizing"

-- Compose replaces $NAME in every string; $$ is a plain dollar sign.
local function literal(text) return (text:gsub("%$", "$$")) end

local function arguments(plan, release)
  local list = {}
  for index, word in ipairs(container.words(plan, release)) do list[index] = literal(word) end
  return list
end

local function environment(plan)
  local list = { "HF_TOKEN" }  -- a name without a value is passed through
  for _, variable in ipairs(serve.environment(plan)) do list[#list + 1] = variable[1] .. "=" .. literal(variable[2]) end
  return list
end

local function volumes(plan)
  local list = { container.cache_volume .. ":" .. container.cache_path }
  local mounted = container.local_model(plan)
  if mounted then list[2] = { type = "bind", source = literal(mounted.folder), target = "/model", read_only = true } end
  return list
end

local function add_devices(service, plan)
  if container.is_amd(plan) then
    service.devices = { "/dev/kfd", "/dev/dri" }
    service.group_add = { "video" }
    service.cap_add = { "SYS_PTRACE" }
    service.security_opt = { "seccomp:unconfined" }
    return
  end
  local device = { driver = "nvidia", count = container.gpus_per_node(plan), capabilities = { "gpu" } }
  service.deploy = { resources = { reservations = { devices = { device } } } }
end

-- Loading the weights takes minutes.
local function health_check(plan)
  local url = string.format("http://localhost:%d/health", container.port)
  return { test = { "CMD", "curl", "--fail", "--silent", url }, interval = "30s", timeout = "5s", retries = 3,
    start_period = string.format("%ds", sizing.startup_s(plan)) }
end

local function render(request)
  local out = scope.left_out(request.plan, "several_nodes")
  if out then return out end
  local image = container.image(request.plan, request.release)
  local memory = sizing.memory_gib(request.plan, container.gpus_per_node(request.plan))
  local service = {
    image = image.repository .. ":" .. image.tag,
    entrypoint = { "vllm", "serve" },
    command = arguments(request.plan, request.release),
    environment = environment(request.plan),
    mem_reservation = string.format("%.0fg", memory), ipc = "host", restart = "unless-stopped",
    ports = { container.port .. ":" .. container.port },
    volumes = volumes(request.plan), healthcheck = health_check(request.plan),
  }
  add_devices(service, request.plan)
  return {
    artifact = "docker_compose", file = "docker-compose.yaml", format = "yaml",
    data = { services = { vllm = service }, volumes = { [container.cache_volume] = {} } },
  }
end

return vw.renderer { id = "compose", summary = "Docker Compose file", render = render }
