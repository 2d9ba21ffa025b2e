-- The rules of thumb of the first vllm_wizard (Python, src/vllm_wizard/planning/perf.py): a baseline per GPU for a
-- 7 B model, scaled. Nothing here is measured; the wide ranges say so.
local reference_params_b, size_exponent = 7, 0.85                      -- perf.py: scaling by model size
local link_efficiency = { nvlink = 0.90, pcie = 0.75, unknown = 0.80 } -- perf.py: tensor-parallel scaling
local free_context_tokens, context_exponent = 2048, 0.3                -- perf.py: scaling by context
local unknown_decode_tok_s, unknown_prefill_tok_s = 80, 2000           -- perf.py: a GPU that is not in the table
local decode_range, prefill_range = 0.30, 0.40                         -- perf.py: estimate_performance

local function prepare(settings)
  local params = settings.params or settings.model.params
  if not params then error("the number of parameters is not known; give it with --params-b", 0) end
  if params <= 0 then error("the number of parameters is " .. params .. ", expected more than 0", 0) end
  local params_b = params / 1e9
  return {
    settings = settings, params_b = params_b,
    size = (reference_params_b / params_b) ^ size_exponent,
    efficiency = link_efficiency[settings.link] or link_efficiency.unknown,
  }
end

local function factors(context, candidate)
  local tensor_parallel, tokens = candidate.tensor_parallel, candidate.context_tokens
  local format = context.settings.formats[candidate.format]
  return {
    parallel = tensor_parallel > 1 and tensor_parallel * context.efficiency or 1,
    tokens = tokens > free_context_tokens and (free_context_tokens / tokens) ^ context_exponent or 1,
    format = format and format.classic_speed or 1,
  }
end

local function estimate(context, candidate)
  local gpu = context.settings.gpus[candidate.gpu]
  local factor = factors(context, candidate)
  local scale = context.size * factor.parallel * factor.format
  local decode = (gpu.classic_decode_tok_s or unknown_decode_tok_s) * scale * factor.tokens
  local prefill = (gpu.classic_prefill_tok_s or unknown_prefill_tok_s) * scale
  local decode_low, decode_high = decode * (1 - decode_range), decode * (1 + decode_range)
  local prefill_low, prefill_high = prefill * (1 - prefill_range), prefill * (1 + prefill_range)
  local prompt_ms = candidate.prompt_tokens * 1000
  return {
    decode_tokens_per_s = decode, decode_low_tokens_per_s = decode_low, decode_high_tokens_per_s = decode_high,
    prefill_tokens_per_s = prefill, prefill_low_tokens_per_s = prefill_low, prefill_high_tokens_per_s = prefill_high,
    ttft_ms = prompt_ms / prefill, ttft_low_ms = prompt_ms / prefill_high, ttft_high_ms = prompt_ms / prefill_low,
    tpot_ms = 1000 / decode, tpot_low_ms = 1000 / decode_high, tpot_high_ms = 1000 / decode_low,
  }
end

local function short(number) return (string.format("%.4f", number):gsub("%.?0+$", "")) end

local function baseline_assumption(gpu)
  local decode, prefill = gpu.classic_decode_tok_s, gpu.classic_prefill_tok_s
  return string.format("%s: %s tokens/s decode and %s tokens/s prefill with a %g B model%s",
    gpu.name or gpu.id or "GPU", short(decode or unknown_decode_tok_s), short(prefill or unknown_prefill_tok_s),
    reference_params_b, decode and prefill and "" or " (no baseline known, a middling GPU assumed)")
end

local function assumptions(context, candidate)
  local settings, factor = context.settings, factors(context, candidate)
  local list = {}
  local function add(...) list[#list + 1] = string.format(...) end
  -- first, because a report may cut the rest
  add("rules of thumb, not measurements: decode +-%.0f %%, prefill +-%.0f %%", 100 * decode_range, 100 * prefill_range)
  list[2] = baseline_assumption(settings.gpus[candidate.gpu])
  add("%s B parameters: x %s", short(context.params_b), short(context.size))
  if candidate.tensor_parallel > 1 then
    add("tensor parallel size %d over %s links: x %s", candidate.tensor_parallel,
      link_efficiency[settings.link] and settings.link or "unknown", short(factor.parallel))
  end
  if factor.tokens < 1 then
    add("decode at %d tokens of context: x %s", candidate.context_tokens, short(factor.tokens))
  end
  if factor.format ~= 1 then
    add("weights as %s: x %s", settings.formats[candidate.format].id, short(factor.format))
  end
  return list
end

-- Where the rule is known to be far off, and which way.
local function warnings(context, candidate)
  local settings, list = context.settings, vw.list {}
  local gpu = settings.gpus[candidate.gpu]
  if not (gpu.classic_decode_tok_s and gpu.classic_prefill_tok_s) then
    list[#list + 1] = string.format("the classic speed rule has no baseline of %s and takes a middling card's: its "
      .. "figures tell nothing about this one", gpu.name or gpu.id or "this GPU")
  end
  if settings.active_params and settings.active_params < 0.9 * context.params_b * 1e9 then
    list[#list + 1] = string.format("the classic speed rule counts all %s B parameters; a token passes %s B of them: "
      .. "expect a multiple of its figures", short(context.params_b), short(settings.active_params / 1e9))
  end
  return list
end

local function term(name, formula, inputs, value, unit)
  return { name = name, formula = formula, inputs = inputs, value = value, unit = unit, grade = "guessed",
    source = "vllm_wizard, planning/perf.py: estimate_performance" }
end

local function explain(context, candidate)
  local gpu, factor = context.settings.gpus[candidate.gpu], factors(context, candidate)
  local result = estimate(context, candidate)
  local decode = short(gpu.classic_decode_tok_s or unknown_decode_tok_s)
  local prefill = short(gpu.classic_prefill_tok_s or unknown_prefill_tok_s)
  local scale = string.format("%s x %s x %s", short(context.size), short(factor.parallel), short(factor.format))
  return {
    terms = {
      term("decode", "baseline x (7 / params in B)^0.85 x tensor parallel x format x (2048 / context)^0.3",
        string.format("%s x %s x %s", decode, scale, short(factor.tokens)), result.decode_tokens_per_s, "tokens/s"),
      term("prefill", "baseline x (7 / params in B)^0.85 x tensor parallel x format",
        string.format("%s x %s", prefill, scale), result.prefill_tokens_per_s, "tokens/s"),
      term("TTFT", "prompt tokens / prefill x 1000",
        string.format("%d / %s x 1000", candidate.prompt_tokens, short(result.prefill_tokens_per_s)),
        result.ttft_ms, "ms"),
    },
    assumptions = assumptions(context, candidate), warnings = warnings(context, candidate),
  }
end

return vw.perf_heuristic {
  id = "classic",
  summary = "a baseline of tokens/s per GPU, scaled by model size, GPUs, context and format",
  prepare = prepare, estimate = estimate, explain = explain,
}
