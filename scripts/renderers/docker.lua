-- docker-run.sh: the server in the official image. The entrypoint is given, because it changed between releases.
local container, scope, serve, sizing = require "_container", require "_scope", require "_serve", require "_sizing"

local function append(words, ...)
  for _, word in ipairs { ... } do words[#words + 1] = word end
end

local function add_devices(words, plan)
  if container.is_amd(plan) then
    return append(words, "--device", "/dev/kfd", "--device", "/dev/dri", "--group-add", "video", "--cap-add",
      "SYS_PTRACE", "--security-opt", "seccomp=unconfined")
  end
  local used = container.gpus_per_node(plan)
  append(words, "--gpus", used < (plan.hardware.gpus or used) and string.format("%.0f", used) or "all")
end

local function add_mounts(words, plan)
  append(words, "--volume", container.cache_volume .. ":" .. container.cache_path)
  local mounted = container.local_model(plan)
  if mounted then append(words, "--volume", mounted.folder .. ":/model:ro") end
end

local function render(request)
  local out = scope.left_out(request.plan, "several_nodes")
  if out then return out end
  local plan, image = request.plan, container.image(request.plan, request.release)
  local words = { "docker", "run", "--rm" }
  add_devices(words, plan)
  local memory = sizing.memory_gib(plan, container.gpus_per_node(plan))
  append(words, "--memory-reservation", string.format("%.0fg", memory), "--ipc", "host")
  append(words, "--publish", container.port .. ":" .. container.port)
  append(words, "--env", "HF_TOKEN")  -- taken from the environment, never written down
  for _, variable in ipairs(serve.environment(plan)) do append(words, "--env", variable[1] .. "=" .. variable[2]) end
  add_mounts(words, plan)
  append(words, "--entrypoint", "vllm", image.repository .. ":" .. image.tag, "serve")
  append(words, table.unpack(container.words(plan, request.release)))
  return {
    artifact = "docker_command", file = "docker-run.sh", format = "shell", executable = true,
    data = { comments = container.comments(plan, request.release), commands = { words } },
  }
end

return vw.renderer { id = "docker", summary = "shell script that runs the server in Docker", render = render }
