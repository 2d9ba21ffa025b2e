-- profile.yaml: what was asked, so that the same plan can be made again. `null` stands for the default.
local sections = {
  model = { "id", "revision", "dtype", "quantization", "kv_cache_dtype", "max_model_len", "params_b" },
  hardware = { "gpu_name", "gpus", "vram_gb", "interconnect", "tp_size" },
  workload = { "prompt_tokens", "gen_tokens", "concurrency", "streaming", "mode" },
  policy = { "gpu_memory_utilization", "overhead_gb", "fragmentation_factor", "headroom_gb" },
  outputs = { "emit", "vllm_args" },
  parts = { "memory_model", "perf_model" },
}

local function shallow_copy(object)
  local copy = {}
  for key, value in pairs(object or {}) do copy[key] = value end
  return copy
end

-- Lists stay lists when they are empty; every key of the format is written, so that a reader sees what there is.
local function completed(given)
  local profile = shallow_copy(given)
  for name, keys in pairs(sections) do
    local section = shallow_copy(profile[name])
    for _, key in ipairs(keys) do if section[key] == nil then section[key] = vw.null end end
    profile[name] = section
  end
  for _, key in ipairs(sections.outputs) do
    local list = profile.outputs[key]
    if list ~= vw.null then profile.outputs[key] = vw.list(shallow_copy(list)) end
  end
  profile.profile_version = 1
  return profile
end

local function render(request)
  return { file = "profile.yaml", format = "yaml", data = completed(request.profile) }
end

return vw.renderer { id = "profile", summary = "profile that plans the same again", render = render,
  render_pack = render }
