-- Worked values of the first vllm_wizard's own tests, fragmentation 1.0 unless said.
local gib = 2 ^ 30

local formats = {
  { id = "fp16", classic_bytes_per_parameter = 2 }, { id = "fp32", classic_bytes_per_parameter = 4 },
  { id = "int8", classic_bytes_per_parameter = 1 }, { id = "awq", classic_bytes_per_parameter = 0.55 },
  { id = "gptq", classic_bytes_per_parameter = 0.55 },
  { id = "four-bit", weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 128 } } },
}
local kv_formats = {
  { id = "auto" }, { id = "fp16" }, { id = "fp8_e4m3", kv = { bits = 8 } }, { id = "fp32" },
  { id = "nvfp4", kv = { bits = 4 } },
}

local function settings(changes)
  local all = {
    model = { layers = 32, attention_heads = 32, kv_heads = 32, head_dim = 128, hidden_size = 4096 },
    gpus = { { memory_mib = 24 * 1024 }, { memory_mib = 80 * 1024 }, { memory_mib = 12 * 1024 } },
    formats = formats, kv_formats = kv_formats, params = 7.0e9, dtype = "fp16", link = "unknown",
    policy = { fragmentation_factor = 1.0, headroom_gib = 1.0 },
  }
  for key, value in pairs(changes or {}) do all[key] = value end
  return all
end

local function candidate(changes)
  local all = { gpu = 1, format = 1, kv_format = 2, tensor_parallel = 1, pipeline_parallel = 1,
    context_tokens = 4096, concurrency = 1, utilization = 0.9 }
  for key, value in pairs(changes or {}) do all[key] = value end
  return all
end

local function estimate(candidate_changes, settings_changes)
  return subject.estimate(subject.prepare(settings(settings_changes)), candidate(candidate_changes))
end

local function explain(candidate_changes, settings_changes)
  return subject.explain(subject.prepare(settings(settings_changes)), candidate(candidate_changes))
end

local function gqa() return { layers = 32, attention_heads = 32, kv_heads = 8, head_dim = 128, hidden_size = 4096 } end

return {
  { "weights are parameters times the bytes of the format", function()
    vw.expect(estimate({ format = 1 }).weights_bytes, 14000000000)
    vw.expect(estimate({ format = 2 }).weights_bytes, 28000000000)
    vw.expect(estimate({ format = 3 }).weights_bytes, 7000000000)
    vw.expect(estimate({ format = 4 }).weights_bytes, 3850000000)
    vw.expect(estimate({ format = 5 }).weights_bytes, 3850000000)
  end },
  { "a format without a number of its own is taken from its bits, and that is said", function()
    vw.expect(estimate({ format = 6 }).weights_bytes, math.floor(7.0e9 * (4 + 16 / 128) / 8))
    vw.expect(explain({ format = 6 }).warnings,
      { "format 'four-bit' has no classic_bytes_per_parameter: takes 0.5156 from its bits" })
  end },
  { "the KV cache of one full-attention sequence", function()
    vw.expect(estimate().kv_required_bytes, 2147483648)
    vw.expect(estimate({ kv_format = 3 }).kv_required_bytes, 1073741824)
    vw.expect(estimate({ kv_format = 4 }).kv_required_bytes, 4294967296)
    vw.expect(estimate({}, { model = gqa() }).kv_required_bytes, 536870912)
    vw.expect(estimate({ kv_format = 3 }, { model = gqa() }).kv_required_bytes, 268435456)
  end },
  { "four sequences take four times the KV cache of one", function()
    local result = estimate({ concurrency = 4 })
    vw.expect(result.kv_required_bytes, 4 * 2147483648)
    vw.expect(result.kv_sequence_bytes, 2147483648)
  end },
  { "the fragmentation factor is applied before rounding down", function()
    local policy = { fragmentation_factor = 1.15, headroom_gib = 1.0 }
    local result = estimate({ context_tokens = 4095 }, { policy = policy })
    vw.expect(result.kv_required_bytes, math.floor(2 * 32 * 128 * 32 * 4095 * 2 * 1.15))
    vw.expect(result.kv_per_token_bytes, math.floor(2 * 32 * 128 * 32 * 2 * 1.15))
  end },
  { "1.15 is the fragmentation factor and 1 GiB the headroom when none are given", function()
    local result = estimate({}, { policy = {} })
    vw.expect(result.kv_required_bytes, math.floor(2147483648 * 1.15))
    vw.expect(result.verdict, "fits")
  end },
  { "an auto KV cache has the dtype of the weights, and bf16 when that is not known", function()
    vw.expect(estimate({ kv_format = 1 }).kv_required_bytes, 2147483648)
    vw.expect(estimate({ kv_format = 1 }, { dtype = "fp32" }).kv_required_bytes, 4294967296)
    local unknown = settings()
    unknown.dtype = nil
    vw.expect(subject.estimate(subject.prepare(unknown), candidate { kv_format = 1 }).kv_required_bytes, 2147483648)
  end },
  { "a KV format that the formula does not know counts as 16 bit, and that is said", function()
    vw.expect(estimate({ kv_format = 5 }).kv_required_bytes, 2147483648)
    vw.expect(explain({ kv_format = 5 }).warnings, { "counts the KV cache format 'nvfp4' with 16 bits, it has 4" })
  end },
  { "missing KV heads and head size follow from the attention heads", function()
    local model = { layers = 32, attention_heads = 32, hidden_size = 4096 }
    vw.expect(estimate({}, { model = model }).kv_required_bytes, 2147483648)
  end },
  { "overhead is 2 % of the VRAM and at least 1 GiB, and more with tensor parallelism", function()
    vw.expect(estimate({ gpu = 1 }).overhead_bytes, 1.0 * gib)
    vw.expect(estimate({ gpu = 2 }).overhead_bytes, math.floor(1.6 * gib))
    vw.expect(estimate({ gpu = 3, tensor_parallel = 2 }).overhead_bytes, 1.25 * gib)
    local policy = { fragmentation_factor = 1.0, headroom_gib = 1.0, overhead_gib = 2.5 }
    vw.expect(estimate({ tensor_parallel = 2 }, { policy = policy }).overhead_bytes, 2.5 * gib)
  end },
  { "everything is a sum over the tensor-parallel x pipeline group", function()
    local result = estimate { tensor_parallel = 2, pipeline_parallel = 2 }
    vw.expect(result.scope_gpus, 4)
    vw.expect(result.total_bytes, 96 * gib)
    vw.expect(result.capacity_bytes, math.floor(96 * gib * 0.9))
    vw.expect(result.weights_bytes, 14000000000)
    vw.expect(result.overhead_bytes, math.floor(2.17 * gib))
  end },
  { "headroom is what is left, and the limits follow from what is free for the KV cache", function()
    local result = estimate { concurrency = 2 }
    local free = math.floor(24 * gib * 0.9) - 14000000000 - gib
    vw.expect(result, {
      verdict = "fits", reason = "none", reason_value = 0, scope_gpus = 1, total_bytes = 24 * gib,
      capacity_bytes = math.floor(24 * gib * 0.9), headroom_bytes = free - 4294967296, weights_bytes = 14000000000,
      overhead_bytes = gib, kv_available_bytes = free, kv_required_bytes = 4294967296, kv_sequence_bytes = 2147483648,
      kv_per_token_bytes = 524288, max_concurrency = free // 2147483648, max_context_tokens = free // 524288 // 2,
    })
  end },
  { "memory that others use is taken off the total of every GPU", function()
    local result = estimate({ tensor_parallel = 2 }, { memory_used_mib = 1024 })
    vw.expect(result.total_bytes, 46 * gib)
    vw.expect(estimate({}, { memory_used_mib = 999999 }).total_bytes, 0)
  end },
  { "a refusal says what is missing how much", function()
    local heavy = estimate { format = 2 }
    vw.expect({ heavy.verdict, heavy.reason }, { "does-not-fit", "weights-exceed-capacity" })
    vw.expect(heavy.reason_value, 28000000000 + gib - math.floor(24 * gib * 0.9))
    vw.expect(heavy.kv_available_bytes, 0)
    vw.expect(heavy.max_concurrency, 0)
    local long = estimate { concurrency = 8 }
    vw.expect({ long.verdict, long.reason, long.reason_value },
      { "does-not-fit", "kv-cache-exceeds-capacity", -long.headroom_bytes })
    local policy = { fragmentation_factor = 1.0, headroom_gib = 20 }
    local tight = estimate({}, { policy = policy })
    vw.expect({ tight.verdict, tight.reason, tight.reason_value },
      { "does-not-fit", "headroom-too-small", 20 * gib - tight.headroom_bytes })
  end },
  { "absurd numbers stay positive", function()
    local result = estimate { context_tokens = 1 << 40, concurrency = 1 << 40 }
    vw.expect(result.kv_required_bytes > 1e20, true)
    vw.expect(result.verdict, "does-not-fit")
  end },
  { "a model without a KV cache is not limited by memory", function()
    local model = { layers = 64, hidden_size = 4096, groups = { { layers = { 0 }, state = { kind = "mamba1" } } } }
    local result = estimate({ concurrency = 3 }, { model = model })
    vw.expect({ result.kv_required_bytes, result.max_concurrency, result.max_context_tokens }, { 0, 3, 4096 })
  end },
  { "the parameter count must be known", function()
    local unknown = settings()
    unknown.params = nil
    vw.expect(vw.fails(function() subject.prepare(unknown) end),
      "the number of parameters is not known; give it with --params-b")
  end },
  { "no warnings when there is room enough", function()
    vw.expect(explain().warnings, {})
  end },
  { "serving options, which the formulas do not know, are named", function()
    vw.expect(explain({}, { serving = { lora = { slots = 1 }, cpu_offload_gib = 4 } }).warnings,
      { "does not look at cpu_offload_gib, lora: the vllm memory model does" })
  end },
  { "warnings of a plan that does not fit", function()
    vw.expect(explain({ concurrency = 8 }).warnings, {
      "does not fit: 30.04 GiB required and 1.00 GiB of headroom asked for, 21.60 GiB available",
      "high risk of running out of memory: shorten the context or quantize the weights",
      "the KV cache takes 74 % of the usable memory: an FP8 KV cache or a shorter context relieves it",
    })
  end },
  { "warnings of a plan that fits narrowly", function()
    local policy = { fragmentation_factor = 1.0, headroom_gib = 0 }
    vw.expect(explain({ concurrency = 3 }, { policy = policy }).warnings, {
      "medium risk of running out of memory: watch memory use under load, 1.56 GiB are left",
    })
  end },
  { "layers that are no full attention are counted in a warning", function()
    local model = gqa()
    model.groups = {
      { role = "target", layers = { 0, 2 }, attention = { kind = "full" } },
      { role = "target", layers = { 1, 3, 4 }, attention = { kind = "sliding" } },
      { role = "target", layers = { 5 }, attention = { kind = "none" }, state = { kind = "mamba2" } },
      { role = "mtp", layers = { 6 }, attention = { kind = "latent" } },
    }
    vw.expect(explain({}, { model = model }).warnings, {
      "counts every layer as full attention, but of 6 layers these are not: 3 sliding, 1 state",
    })
  end },
  { "quantized weights that are larger or smaller than the formula says are warned of with both sizes", function()
    local function warned(stored_bytes)
      return explain({ format = 4 }, { model = gqa(), stored_weights_bytes = stored_bytes }).warnings
    end
    vw.expect(warned(4.5e9), {
      "the weights as stored take 4.19 GiB, parameters times bytes per parameter 3.59 GiB: planned with 3.59 GiB" })
    vw.expect(#warned(3.5e9), 1)
    vw.expect({ warned(3.95e9), warned(3.75e9) }, { {}, {} })  -- within 3 %
    vw.expect(estimate({ format = 4 }, { stored_weights_bytes = 4.5e9 }).weights_bytes, 3850000000)
  end },
  { "every number is explained with its inputs and its source", function()
    local terms = explain({ concurrency = 2 }, { memory_used_mib = 512 }).terms
    local lines = {}
    for index, term in ipairs(terms) do
      lines[index] = term.name .. ": " .. term.inputs .. " = " .. (term.value_bytes or term.value)
      vw.expect(term.source:find("vllm_wizard, planning/memory.py: compute_", 1, true), 1)
    end
    vw.expect(lines, {
      "weights: 7,000,000,000 x 2 (fp16) = 14000000000",
      "KV cache: 2 x 32 x 128 x 32 x 4,096 x 2 x 2 x 1 = 4294967296",
      "overhead: max(1, 0.02 x 24) + 0.25 x (1 - 1) = 1073741824",
      "usable: (24.00 GiB - 0.50 GiB) x 0.9 = 22709639577",
      "headroom: 21.15 GiB - 13.04 GiB - 4.00 GiB - 1.00 GiB = 3340930457",
      "max concurrency: 7,635,897,753 / 2,147,483,648 = 3",
      "max context: 7,635,897,753 / 524,288 / 2 = 7282",
    })
  end },
}
