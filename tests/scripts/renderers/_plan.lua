-- A small plan to change: plan { config = { dtype = "fp16" } } replaces members one level down.
local function base()
  return {
    model = { id = "org/model", name = "model", source = "catalogue", family = "llama", params = 8e9, dtype = "bf16" },
    hardware = { gpu = "NVIDIA L4", gpu_name = "NVIDIA L4", gpus = 1, nodes = 1, total_gpus = 1, architecture = "ada" },
    feasibility = { fits = true, oom_risk = "low", vram_total_gb = 24, vram_target_alloc_gb = 21.6, weights_gb = 15,
      kv_cache_gb = 2, overhead_gb = 1, headroom_gb = 3.6, shortfall_gb = 0 },
    memory = { model = "classic" },
    config = { model = "org/model", tensor_parallel_size = 1, pipeline_parallel_size = 1, data_parallel_size = 1,
      dtype = "auto", gpu_memory_utilization = 0.9, max_model_len = 4096, kv_cache_dtype = "auto", concurrency = 1 },
    vllm_version = "0.21.0",
  }
end

return function(changes)
  local plan = base()
  for section, members in pairs(changes or {}) do
    if type(members) == "table" and type(plan[section]) == "table" then
      for key, value in pairs(members) do plan[section][key] = value end
    else
      plan[section] = members
    end
  end
  return plan
end
