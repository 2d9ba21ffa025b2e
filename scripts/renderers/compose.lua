-- docker-compose.yaml: one service with its GPUs reserved; of several models, a service each.
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

local function card_ids(cards)
  local ids = {}
  for index, card in ipairs(cards) do ids[index] = serve.whole(card) end
  return ids
end

local function add_devices(service, plan)
  if container.is_amd(plan) then
    service.devices = { "/dev/kfd", "/dev/dri" }
    service.group_add = { "video" }
    service.cap_add = { "SYS_PTRACE" }
    service.security_opt = { "seccomp:unconfined" }
    return
  end
  local device = { driver = "nvidia", capabilities = { "gpu" } }
  local cards = plan.config.cards  -- by their numbers where others share them
  if cards then device.device_ids = card_ids(cards) else device.count = container.gpus_per_node(plan) end
  service.deploy = { resources = { reservations = { devices = { device } } } }
end

-- Loading the weights takes minutes.
local function health_check(plan)
  local url = string.format("http://localhost:%d/health", container.port_of(plan))
  return { test = { "CMD", "curl", "--fail", "--silent", url }, interval = "30s", timeout = "5s", retries = 3,
    start_period = string.format("%ds", sizing.startup_s(plan)) }
end

local function service_of(plan, release)
  local image = container.image(plan, release)
  local memory, port = sizing.memory_gib(plan, container.gpus_per_node(plan)), container.port_of(plan)
  local service = {
    image = image.repository .. ":" .. image.tag,
    entrypoint = { "vllm", "serve" },
    command = arguments(plan, release),
    environment = environment(plan),
    mem_reservation = string.format("%.0fg", memory), ipc = "host", restart = "unless-stopped",
    ports = { port .. ":" .. port },
    volumes = volumes(plan), healthcheck = health_check(plan),
  }
  add_devices(service, plan)
  return service
end

local function render(request)
  local out = scope.left_out(request.plan, "several_nodes")
  if out then return out end
  return {
    artifact = "docker_compose", file = "docker-compose.yaml", format = "yaml",
    data = { services = { vllm = service_of(request.plan, request.release) },
      volumes = { [container.cache_volume] = {} } },
  }
end

-- /dev/dri of AMD's has all cards: the variable says which.
local function add_visible_cards(service, plan)
  if not container.is_amd(plan) then return end
  for _, variable in ipairs(serve.visible_cards(plan)) do
    service.environment[#service.environment + 1] = variable[1] .. "=" .. variable[2]
  end
end

-- Starts where it is asked for, `docker compose --profile router up`, beside the file that the renderer `router` writes.
-- Names from memory of docs.litellm.ai (deploy), not tried live.
local function router(servers)
  local wanted = {}
  for _, server in ipairs(servers) do wanted[server.name] = { condition = "service_healthy" } end
  return { image = "ghcr.io/berriai/litellm:main-stable", network_mode = "host", profiles = { "router" },
    command = { "--config", "/app/config.yaml", "--port", tostring(sizing.rules.ports.router) },
    volumes = { { type = "bind", source = "./litellm-config.yaml", target = "/app/config.yaml", read_only = true } },
    depends_on = wanted, restart = "on-failure" }
end

-- Each waits until the one before is healthy. One that ends badly is started again alone; after a reboot nothing starts
-- by itself, as the daemon would start all at once.
local function render_pack(request)
  local services, before = {}, nil
  for _, server in ipairs(request.servers) do
    local service = service_of(server.plan, request.release)
    service.restart = "on-failure"
    add_visible_cards(service, server.plan)
    if before then service.depends_on = { [before] = { condition = "service_healthy" } } end
    services[server.name], before = service, server.name
  end
  services.router = services.router or router(request.servers)
  return { file = "docker-compose.yaml", format = "yaml",
    data = { services = services, volumes = { [container.cache_volume] = {} } } }
end

return vw.renderer { id = "compose", summary = "Docker Compose file", render = render, render_pack = render_pack }
