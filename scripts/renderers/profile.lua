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

-- The request in the words of a profile, for a caller that hands over none.
local function from_plan(plan)
  local request, config = plan.request or {}, plan.config or {}
  return {
    model = { id = config.model or plan.model.id, revision = config.revision, dtype = request.dtype,
      quantization = request.quantization, kv_cache_dtype = request.kv_cache_dtype,
      max_model_len = request.max_model_len, params_b = request.params_b },
    hardware = { gpu_name = request.gpu, gpus = request.gpus, vram_gb = request.vram_gb,
      interconnect = request.interconnect, tp_size = request.tensor_parallel_size },
    workload = { prompt_tokens = request.prompt_tokens, gen_tokens = request.gen_tokens,
      concurrency = request.concurrency, streaming = request.streaming, mode = request.batching_mode },
    policy = { gpu_memory_utilization = request.gpu_memory_utilization, overhead_gb = request.overhead_gb,
      fragmentation_factor = request.fragmentation_factor, headroom_gb = request.headroom_gb },
    outputs = { emit = request.emit, vllm_args = config.vllm_args },
    parts = { memory_model = plan.memory and plan.memory.model,
      perf_model = plan.performance and plan.performance.model },
  }
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
  local profile = request.profile
  if not profile or next(profile) == nil then profile = from_plan(request.plan) end
  return { file = "profile.yaml", format = "yaml", data = completed(profile) }
end

return vw.renderer { id = "profile", summary = "profile that plans the same again", render = render }
