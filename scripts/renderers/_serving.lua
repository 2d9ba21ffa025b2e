-- Flags for what a server does beside the numbers of a plan: adapters, speculation, images, offloading. The names are
-- those of a profile's `serving` section.
local serving = {}

-- vllm/config/speculative.py: SpeculativeMethod
local methods = { draft = "draft_model" }

local function speculative_config(speculative)
  if not speculative then return nil end
  return vw.json {
    method = methods[speculative.method] or speculative.method, num_speculative_tokens = speculative.tokens,
    model = speculative.model,
  }
end

local function number(value) return value and string.format("%.14g", value) or nil end
local function switch(on, flag, off) return { on and flag or off or flag, switch = on or (off and on == false) } end

-- { flag, value } in the order people read them; no value: a switch.
function serving.flags(given)
  local lora, limits = given.lora, given.limit_mm_per_prompt
  return {
    { "--cpu-offload-gb", number(given.cpu_offload_gib) },
    { "--kv-cache-memory-bytes", number(given.kv_cache_memory_bytes) },
    switch(given.enable_prefix_caching, "--enable-prefix-caching", "--no-enable-prefix-caching"),
    switch(given.disable_hybrid_kv_cache_manager, "--disable-hybrid-kv-cache-manager"),
    switch(given.async_scheduling, "--async-scheduling", "--no-async-scheduling"),
    { "--max-cudagraph-capture-size", number(given.max_cudagraph_capture_size) },
    { "--performance-mode", given.performance_mode },
    switch(lora ~= nil, "--enable-lora"),
    { "--max-loras", lora and number(lora.slots) }, { "--max-lora-rank", lora and number(lora.rank) },
    { "--speculative-config", speculative_config(given.speculative) },
    { "--limit-mm-per-prompt", limits and vw.json(limits) },
    { "--mm-encoder-tp-mode", given.mm_encoder_tp_mode },
    switch(given.skip_mm_profiling, "--skip-mm-profiling"),
    switch(given.language_model_only, "--language-model-only"),
    { "--runner", given.pooling and "pooling" or nil },
  }
end

-- What only the environment sets: a list of { name, value }.
function serving.environment(given)
  local variables, layers = {}, given.pipeline_layers
  if layers then
    local counts = {}
    for index, count in ipairs(layers) do counts[index] = number(count) end
    variables[#variables + 1] = { "VLLM_PP_LAYER_PARTITION", table.concat(counts, ",") }  -- vllm/distributed/utils.py
  end
  if given.runner then
    variables[#variables + 1] = { "VLLM_USE_V2_MODEL_RUNNER", given.runner == "v2" and "1" or "0" }  -- vllm/envs.py
  end
  return variables
end

return serving
