-- The formulas of the first vllm_wizard (Python, src/vllm_wizard/planning/memory.py), to the byte. Everything is a sum
-- over the tensor-parallel x pipeline group, and every layer counts as full attention. It is the example to start
-- a memory model of your own from: prepare once, estimate per candidate, explain in words.
local gib, mib = 2 ^ 30, 2 ^ 20
local floor, max = math.floor, math.max

-- memory.py: compute_overhead
local least_overhead_gib, overhead_share, overhead_per_extra_gpu_gib = 1.0, 0.02, 0.25
-- schemas/inputs.py: PolicyInput
local default_utilization, default_fragmentation, default_headroom_gib = 0.90, 1.15, 1.0
-- memory.py: compute_feasibility
local low_risk_gib, high_kv_share = 2.0, 0.5
-- ours: above it the size of the files is worth a warning
local stored_difference = 0.03
-- memory.py: BYTES_PER_PARAM, for formats without a number of their own
local dtype_bytes = { fp32 = 4, fp16 = 2, bf16 = 2 }

local function format_bytes(format, dtype)
  if format.classic_bytes_per_parameter then return format.classic_bytes_per_parameter end
  local weights = format.weights
  if not weights or not weights.bits then return dtype_bytes[dtype] or 2 end
  local tile = weights.per and weights.per.rows * weights.per.inputs or 0
  local scales = tile > 0 and ((weights.scale_bits or 0) + (weights.zero_bits or 0)) / tile or 0
  return (weights.bits + scales) / 8
end

-- memory.py: compute_kv_cache_memory. 'auto' is the dtype of the weights; what it does not know counts as 16 bit.
local function kv_element_bytes(format, dtype)
  local name = format.id == "auto" and (dtype or "bf16") or format.id
  if name:find("fp8", 1, true) then return 1 end
  return dtype_bytes[name] or 2
end

local function each(list, reduce)
  local results = {}
  for index, item in ipairs(list or {}) do results[index] = reduce(item) end
  return results
end

local function head_dim(model)
  if model.head_dim then return model.head_dim end
  return (model.attention_heads or 0) > 0 and model.hidden_size // model.attention_heads or 0
end

local function prepare(settings)
  local model, policy = settings.model, settings.policy or {}
  local params = settings.params or model.params
  if not params then error("the number of parameters is not known; give it with --params-b", 0) end
  local kv_heads = model.kv_heads or model.attention_heads or 0  -- 0: nothing but state layers
  return {
    settings = settings, params = params, kv_heads = kv_heads,
    weights = each(settings.formats, function(format) return format_bytes(format, settings.dtype) end),
    elements = each(settings.kv_formats, function(format) return kv_element_bytes(format, settings.dtype) end),
    gpu_bytes = each(settings.gpus, function(gpu) return (gpu.memory_mib or 0) * mib end),
    used_bytes = (settings.memory_used_mib or 0) * mib,
    -- floats on purpose: integers would wrap around for absurd contexts
    token_elements = 2.0 * kv_heads * head_dim(model) * model.layers,
    fragmentation = policy.fragmentation_factor or default_fragmentation,
    headroom_bytes = (policy.headroom_gib or default_headroom_gib) * gib,
    overhead_gib = policy.overhead_gib,
  }
end

local function overhead_bytes(context, vram_bytes, tensor_parallel)
  if context.overhead_gib then return floor(context.overhead_gib * gib) end
  local base = max(least_overhead_gib, overhead_share * vram_bytes / gib)
  return floor((base + overhead_per_extra_gpu_gib * (tensor_parallel - 1)) * gib)
end

local function judge(context, weights, overhead, capacity, headroom)
  if headroom >= context.headroom_bytes then return "fits", "none", 0 end
  if weights + overhead > capacity then
    return "does-not-fit", "weights-exceed-capacity", weights + overhead - capacity
  end
  if headroom < 0 then return "does-not-fit", "kv-cache-exceeds-capacity", -headroom end
  return "does-not-fit", "headroom-too-small", context.headroom_bytes - headroom
end

-- How often `bytes` go into what is available. Without a KV cache memory sets no limit: what was asked for.
local function most(available, bytes, asked)
  if bytes > 0 then return available // bytes end
  return available > 0 and asked or 0
end

local function estimate(context, candidate)
  local group = candidate.tensor_parallel * candidate.pipeline_parallel
  local vram = context.gpu_bytes[candidate.gpu] * group
  local total = max(0, vram - context.used_bytes * group)
  local capacity = floor(total * candidate.utilization)
  local weights = floor(context.params * context.weights[candidate.format])
  local overhead = overhead_bytes(context, vram, candidate.tensor_parallel)

  local tokens, sequences = candidate.context_tokens, max(1, candidate.concurrency)
  local elements, element_bytes = context.token_elements, context.elements[candidate.kv_format]
  local kv_required = floor(elements * tokens * sequences * element_bytes * context.fragmentation)
  local kv_sequence = floor(elements * tokens * element_bytes * context.fragmentation)
  local kv_token = floor(elements * element_bytes * context.fragmentation)

  local kv_available = max(0, capacity - weights - overhead)
  local headroom = capacity - weights - overhead - kv_required
  local verdict, reason, missing = judge(context, weights, overhead, capacity, headroom)
  return {
    verdict = verdict, reason = reason, reason_value = missing, scope_gpus = group,
    total_bytes = total, capacity_bytes = capacity, headroom_bytes = headroom,
    weights_bytes = weights, overhead_bytes = overhead, kv_available_bytes = kv_available,
    kv_required_bytes = kv_required, kv_sequence_bytes = kv_sequence, kv_per_token_bytes = kv_token,
    max_concurrency = most(kv_available, kv_sequence, sequences),
    max_context_tokens = most(kv_available, kv_token, tokens * sequences) // sequences,
  }
end

local function count(number)
  local text = string.format("%.0f", number)
  local grouped = text:reverse():gsub("(%d%d%d)", "%1,"):reverse()
  return (grouped:gsub("^(-?),", "%1"))
end

local function short(number) return (string.format("%.4f", number):gsub("%.?0+$", "")) end

local function in_gib(bytes) return string.format("%.2f GiB", bytes / gib) end

-- Layers that the formula takes for full attention although they are not, by kind.
local function other_layers(model)
  local counts, all = {}, 0
  for _, group in ipairs(model.groups or {}) do
    local kind = group.attention and group.attention.kind or "none"
    if group.state then kind = "state" end
    local layers = #(group.layers or {})
    if (group.role or "target") == "target" then
      all = all + layers
      if kind ~= "full" then counts[kind] = (counts[kind] or 0) + layers end
    end
  end
  return counts, all
end

local function attention_warning(model)
  local counts, all = other_layers(model)
  local pieces = {}
  for _, kind in ipairs { "latent", "sliding", "chunked", "state", "cross", "shared", "none" } do
    if counts[kind] then pieces[#pieces + 1] = counts[kind] .. " " .. kind end
  end
  if #pieces == 0 then return nil end
  return "counts every layer as full attention, but of " .. all .. " layers these are not: "
    .. table.concat(pieces, ", ")
end

local function add(list, text) if text then list[#list + 1] = text end end

local function risk_warning(headroom)
  if headroom < 0 then return "high risk of running out of memory: shorten the context or quantize the weights" end
  if headroom < low_risk_gib * gib then
    return "medium risk of running out of memory: watch memory use under load, " .. in_gib(headroom) .. " are left"
  end
end

local function fit_warning(context, result)
  if result.verdict == "fits" then return nil end
  local required = result.weights_bytes + result.kv_required_bytes + result.overhead_bytes
  return string.format("does not fit: %s required and %s of headroom asked for, %s available", in_gib(required),
    in_gib(context.headroom_bytes), in_gib(result.capacity_bytes))
end

local function kv_warnings(context, candidate, result, list)
  if result.kv_required_bytes > high_kv_share * result.capacity_bytes and result.capacity_bytes > 0 then
    add(list, string.format("the KV cache takes %.0f %% of the usable memory: an FP8 KV cache or a shorter context "
      .. "relieves it", 100 * result.kv_required_bytes / result.capacity_bytes))
  end
  local format = context.settings.kv_formats[candidate.kv_format]
  local bits = format.kv and format.kv.bits
  if bits and bits ~= 8 * context.elements[candidate.kv_format] then
    add(list, string.format("counts the KV cache format '%s' with %d bits, it has %g", format.id,
      8 * context.elements[candidate.kv_format], bits))
  end
end

-- What quantized files hold is known, and it is not what the formula says.
local function stored_warning(context, result)
  local stored = context.settings.stored_weights_bytes
  if not stored then return nil end
  if math.abs(result.weights_bytes - stored) <= stored_difference * stored then return nil end
  return string.format("the weights as stored take %s, parameters times bytes per parameter %s: planned with %s",
    in_gib(stored), in_gib(result.weights_bytes), in_gib(result.weights_bytes))
end

-- The formulas know nothing of adapters, draft models, images or offloading.
local function serving_warning(settings)
  local names = {}
  for name in pairs(settings.serving or {}) do names[#names + 1] = name end
  if #names == 0 then return nil end
  table.sort(names)
  return "does not look at " .. table.concat(names, ", ") .. ": the vllm memory model does"
end

local function warnings(context, candidate, result)
  local list = vw.list {}
  add(list, serving_warning(context.settings))
  add(list, fit_warning(context, result))
  add(list, risk_warning(result.headroom_bytes))
  kv_warnings(context, candidate, result, list)
  add(list, attention_warning(context.settings.model))
  add(list, stored_warning(context, result))
  local format = context.settings.formats[candidate.format]
  if not format.classic_bytes_per_parameter then
    add(list, string.format("format '%s' has no classic_bytes_per_parameter: takes %s from its bits", format.id,
      short(context.weights[candidate.format])))
  end
  return list
end

local function overhead_inputs(context, candidate, vram)
  if context.overhead_gib then return "given: " .. short(context.overhead_gib) .. " GiB" end
  return string.format("max(%g, %g x %s) + %g x (%d - 1)", least_overhead_gib, overhead_share, short(vram / gib),
    overhead_per_extra_gpu_gib, candidate.tensor_parallel)
end

local function kv_inputs(context, candidate)
  local model = context.settings.model
  return string.format("2 x %d x %d x %d x %s x %s x %g x %g", context.kv_heads, head_dim(model), model.layers,
    count(candidate.context_tokens), count(candidate.concurrency), context.elements[candidate.kv_format],
    context.fragmentation)
end

local function component_terms(context, candidate, result)
  local group = result.scope_gpus
  local vram = context.gpu_bytes[candidate.gpu] * group
  local format = context.settings.formats[candidate.format]
  return {
    { name = "weights", formula = "floor(parameters x bytes per parameter)",
      inputs = string.format("%s x %s (%s)", count(context.params), short(context.weights[candidate.format]),
        format.id),
      value_bytes = result.weights_bytes, grade = "derived", source = "compute_weights_memory" },
    { name = "KV cache",
      formula = "floor(2 x KV heads x head dim x layers x context x sequences x bytes x fragmentation)",
      inputs = kv_inputs(context, candidate), value_bytes = result.kv_required_bytes, grade = "derived",
      source = "compute_kv_cache_memory" },
    { name = "overhead", formula = context.overhead_gib and "as given"
        or "max(1 GiB, 2 % of the VRAM) + 0.25 GiB x (tensor parallel size - 1)",
      inputs = overhead_inputs(context, candidate, vram), value_bytes = result.overhead_bytes,
      grade = "guessed", source = "compute_overhead" },
    { name = "usable", formula = "floor((VRAM - used by others) x utilization)",
      inputs = string.format("(%s - %s) x %s", in_gib(vram), in_gib(context.used_bytes * group),
        short(candidate.utilization)),
      value_bytes = result.capacity_bytes, grade = "derived", source = "compute_feasibility" },
  }
end

local function limit_terms(result, candidate)
  return {
    { name = "headroom", formula = "usable - weights - KV cache - overhead",
      inputs = string.format("%s - %s - %s - %s", in_gib(result.capacity_bytes), in_gib(result.weights_bytes),
        in_gib(result.kv_required_bytes), in_gib(result.overhead_bytes)),
      value_bytes = result.headroom_bytes, grade = "derived", source = "compute_feasibility" },
    { name = "max concurrency", formula = "floor((usable - weights - overhead) / KV cache of one sequence)",
      inputs = count(result.kv_available_bytes) .. " / " .. count(result.kv_sequence_bytes),
      value = result.max_concurrency, unit = "sequences", grade = "derived",
      source = "compute_max_concurrency_at_context" },
    { name = "max context",
      formula = "floor(floor((usable - weights - overhead) / KV cache of one token) / sequences)",
      inputs = count(result.kv_available_bytes) .. " / " .. count(result.kv_per_token_bytes) .. " / "
        .. count(candidate.concurrency),
      value = result.max_context_tokens, unit = "tokens", grade = "derived",
      source = "compute_max_context_at_concurrency" },
  }
end

local function explain(context, candidate)
  local result = estimate(context, candidate)
  local terms = component_terms(context, candidate, result)
  for _, term in ipairs(limit_terms(result, candidate)) do terms[#terms + 1] = term end
  for _, term in ipairs(terms) do term.source = "vllm_wizard, planning/memory.py: " .. term.source end
  return { terms = terms, warnings = warnings(context, candidate, result) }
end

return vw.memory_model {
  id = "classic",
  summary = "weights + KV cache + overhead against VRAM x utilization, summed over the group",
  policy = {
    gpu_memory_utilization = default_utilization,
    headroom_gib = default_headroom_gib,
    fragmentation_factor = default_fragmentation,
  },
  prepare = prepare, estimate = estimate, explain = explain,
}
