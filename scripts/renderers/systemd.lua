-- vllm.service: the server as a systemd unit with a user and folders of its own; of several models, a unit each.
local container, pack = require "_container", require "_pack"
local scope, serve, sizing = require "_scope", require "_serve", require "_sizing"

local function environment(plan)
  local list = { "HOME=/var/lib/vllm", "HF_HOME=/var/cache/vllm/huggingface" }
  for _, variables in ipairs { serve.visible_cards(plan), serve.environment(plan) } do
    for _, variable in ipairs(variables) do list[#list + 1] = variable[1] .. "=" .. variable[2] end
  end
  return list
end

local function command(plan, release)
  local words = { "/usr/bin/env", "vllm", "serve" }
  for _, word in ipairs(serve.words(plan, release, serve.model_from_anywhere(plan))) do words[#words + 1] = word end
  return words
end

-- A first start downloads: `wait` lets a unit count as started when its server answers, so that the next begins then.
local function waiting(server)
  local seconds = sizing.startup_s(server.plan)
  return {
    { "ExecStartPost", { "/usr/bin/curl", "--fail", "--silent", "--output", "/dev/null", "--retry",
      serve.whole(seconds // 5), "--retry-delay", "5", "--retry-connrefused", pack.health_url(server) } },
    { "TimeoutStartSec", serve.whole(seconds) },
    { "User", "vllm" },  -- one for all, whose folders are the same
  }
end

local function service(plan, release, more)
  local entries = { { "Type", "exec" }, { "ExecStart", command(plan, release) } }
  for _, entry in ipairs(more or {}) do entries[#entries + 1] = entry end
  for _, variable in ipairs(environment(plan)) do entries[#entries + 1] = { "Environment", { variable } } end
  for _, entry in ipairs {
    { "EnvironmentFile", "-/etc/vllm/token" },  -- HF_TOKEN=..., readable by root alone; may be missing
    { "DynamicUser", "yes" }, { "StateDirectory", "vllm" }, { "CacheDirectory", "vllm" },
    { "LimitMEMLOCK", "infinity" }, { "Restart", "on-failure" }, { "RestartSec", "10s" },
  } do entries[#entries + 1] = entry end
  return entries
end

local function unit(plan, entries, after)
  local description = { { "Description", "vLLM, " .. serve.model(plan) } }
  for _, entry in ipairs { { "Wants", "network-online.target" }, { "After", "network-online.target" } } do
    description[#description + 1] = entry
  end
  if after then description[#description + 1] = { "After", after } end
  return {
    { name = "Unit", entries = description },
    { name = "Service", entries = entries },
    { name = "Install", entries = { { "WantedBy", "multi-user.target" } } },
  }
end

local function add_notes(comments, plan)
  comments[#comments + 1] = "vllm is looked for where services look: /usr/local/bin, /usr/bin"
  comments[#comments + 1] = "HF_TOKEN=... for gated models goes to /etc/vllm/token, which only root reads"
  comments[#comments + 1] = string.format("answers on port %d within %d s of a first start", container.port_of(plan),
    sizing.startup_s(plan))
  return comments
end

local function render(request)
  local plan, release = request.plan, request.release
  local out = scope.left_out(plan, "several_nodes")
  if out then return out end
  return { file = "vllm.service", format = "systemd", data = { comments = add_notes(serve.comments(plan, release), plan),
    sections = unit(plan, service(plan, release)) } }
end

local function render_pack(request)
  local files, before = {}, nil
  for index, server in ipairs(request.servers) do
    local file = string.format("vllm-%s.service", server.name)
    local entries = service(server.plan, request.release, waiting(server))
    files[index] = { file = file, format = "systemd", data = {
      comments = add_notes(pack.comments(server, request.release), server.plan),
      sections = unit(server.plan, entries, before) } }
    before = file
  end
  return { files = files }
end

return vw.renderer { id = "systemd", summary = "systemd unit", render = render, render_pack = render_pack }
