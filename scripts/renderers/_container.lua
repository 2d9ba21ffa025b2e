-- What the container artifacts share: image, devices, mounts.
local serve, sizing = require "_serve", require "_sizing"
local container = { cache_volume = "huggingface-cache", cache_path = "/root/.cache/huggingface" }
container.port = sizing.rules.ports.server

-- What a server answers on; of several that share cards, each on its own.
function container.port_of(plan) return math.tointeger(plan.config.port or container.port) end

function container.is_amd(plan)
  local hardware = plan.hardware
  if hardware.vendor then return hardware.vendor:lower() == "amd" end
  if hardware.gfx then return true end
  local architecture = (hardware.architecture or ""):lower()
  local name = (hardware.gpu_name or hardware.gpu or ""):lower()
  return architecture:find("^[cr]dna") ~= nil or name:find("%f[%a]amd%f[%A]") ~= nil
end

-- hub.docker.com/r/vllm/vllm-openai is tagged by vLLM version; hub.docker.com/r/rocm/vllm by ROCm and build date, so
-- that no tag follows from the version.
function container.image(plan, release)
  if container.is_amd(plan) then return { repository = "rocm/vllm", tag = "latest" } end
  local version = serve.version(plan, release)
  if version and version:match("^%d+%.%d+$") then version = version .. ".0" end  -- tags are v0.10.0, not v0.10
  return { repository = "vllm/vllm-openai", tag = version and "v" .. version or "latest" }
end

-- GPUs that the plan uses, which may be fewer than there are.
function container.gpus_per_node(plan)
  local config = plan.config
  local replica = (config.tensor_parallel_size or 1) * (config.pipeline_parallel_size or 1)
  local needed = replica * (config.data_parallel_size or 1)
  local nodes = config.nodes or 1
  return (needed + nodes - 1) // nodes
end

-- A model on this machine as { folder, inside, name }: its folder is mounted at /model. nil: it is downloaded into
-- the cache volume.
function container.local_model(plan)
  local path = serve.model_from_anywhere(plan)
  if not path:find("^%.?%.?/") then return nil end
  path = path:gsub("/+$", "")
  local folder, file = path:match("^(.*)/([^/]*%.gguf)$")
  if folder then return { folder = folder, inside = "/model/" .. file, name = file } end
  return { folder = path, inside = "/model", name = path:match("[^/]*$") }
end

-- `vllm serve` arguments as seen inside the container.
function container.words(plan, release)
  local mounted = container.local_model(plan)
  local words = serve.words(plan, release, mounted and mounted.inside)
  if mounted and serve.knows(release, "--served-model-name") then
    words[#words + 1] = "--served-model-name"
    words[#words + 1] = mounted.name
  end
  return words
end

function container.comments(plan, release)
  local comments = serve.comments(plan, release)
  if container.is_amd(plan) then
    comments[#comments + 1] = string.format("rocm/vllm: choose the tag that holds vLLM %s for your ROCm driver",
      serve.version(plan, release) or "")
  end
  local vendor = ((plan.hardware or {}).vendor or "nvidia"):lower()
  if vendor ~= "nvidia" and vendor ~= "amd" then
    comments[#comments + 1] = serve.clean(string.format("image and devices are written for NVIDIA: %s needs vLLM's "
      .. "plugin for %s cards and an image that holds it", plan.hardware.gpu_name or "this card", plan.hardware.vendor))
  end
  return comments
end

return container
