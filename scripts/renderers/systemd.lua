-- vllm.service: the server as a systemd unit with a user and folders of its own.
local scope, serve, sizing = require "_scope", require "_serve", require "_sizing"

local function environment(plan)
  local list = { "HOME=/var/lib/vllm", "HF_HOME=/var/cache/vllm/huggingface" }
  for _, variable in ipairs(serve.environment(plan)) do list[#list + 1] = variable[1] .. "=" .. variable[2] end
  return list
end

local function command(plan, release)
  local words = { "/usr/bin/env", "vllm", "serve" }
  for _, word in ipairs(serve.words(plan, release)) do words[#words + 1] = word end
  return words
end

local function service(plan, release)
  local entries = { { "Type", "exec" }, { "ExecStart", command(plan, release) } }
  for _, variable in ipairs(environment(plan)) do entries[#entries + 1] = { "Environment", { variable } } end
  for _, entry in ipairs {
    { "EnvironmentFile", "-/etc/vllm/token" },  -- HF_TOKEN=..., readable by root alone; may be missing
    { "DynamicUser", "yes" }, { "StateDirectory", "vllm" }, { "CacheDirectory", "vllm" },
    { "LimitMEMLOCK", "infinity" }, { "Restart", "on-failure" }, { "RestartSec", "10s" },
  } do entries[#entries + 1] = entry end
  return entries
end

local function render(request)
  local plan, release = request.plan, request.release
  local out = scope.left_out(plan, "several_nodes")
  if out then return out end
  local comments = serve.comments(plan, release)
  comments[#comments + 1] = "vllm is looked for where services look: /usr/local/bin, /usr/bin"
  comments[#comments + 1] = "HF_TOKEN=... for gated models goes to /etc/vllm/token, which only root reads"
  comments[#comments + 1] = string.format("answers on port %d within %d s of a first start",
    sizing.rules.ports.server, sizing.startup_s(plan))
  return { file = "vllm.service", format = "systemd", data = { comments = comments, sections = {
    { name = "Unit", entries = { { "Description", "vLLM, " .. serve.model(plan) },
      { "Wants", "network-online.target" }, { "After", "network-online.target" } } },
    { name = "Service", entries = service(plan, release) },
    { name = "Install", entries = { { "WantedBy", "multi-user.target" } } },
  } } }
end

return vw.renderer { id = "systemd", summary = "systemd unit", render = render }
