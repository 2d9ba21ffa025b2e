-- What `plan` prints: the verdict first, the reasons after it, the command to copy last.
local bar, page_of, serve, speed = require "_bar", require "_page", require "_serve", require "_speed"
local count, gib = page_of.count, page_of.gib

-- Plans of the classic kind speak of the whole group, those with per_gpu of the fullest GPU.
local function margins(plan)
  local feasibility = plan.feasibility
  if not (plan.memory and plan.memory.per_gpu) then
    return feasibility.headroom_gb or 0, feasibility.shortfall_gb or 0, "GiB"
  end
  local memory = bar.memory(plan)
  local gpus = (plan.config.tensor_parallel_size or 1) * (plan.config.pipeline_parallel_size or 1)
  if (feasibility.shortfall_gb or 0) > 0 then return 0, feasibility.shortfall_gb / gpus, "GiB per GPU" end
  return math.max(0, memory.budget - memory.used), math.max(0, memory.used - memory.budget), "GiB per GPU"
end

-- What a memory model may say beside sizes; `other` is in its warnings.
local refusals = {
  ["format-needs-newer-gpu"] = "the weights' format needs a newer card",
  ["heads-not-divisible"] = "the attention heads do not divide by the tensor parallel size",
  ["not-enough-gpus"] = "more GPUs are needed for these parallel sizes",
  other = "vLLM refuses it",
}

-- Why the request cannot run at all, without the reason in parentheses, which the warnings give. nil: it can.
local function cannot_run(plan)
  local feasibility = plan.feasibility
  local obstacle = (feasibility.obstacles or {})[1]
  if obstacle then return obstacle.what .. " " .. (obstacle.why:gsub("%s*%b()$", "")) end
  if feasibility.fits then return nil end
  if feasibility.reason == "other" then return (feasibility.warnings or {})[1] or refusals.other end
  return refusals[feasibility.reason]
end

local function headline(page, plan)
  local spare, short, unit = margins(plan)
  local where = " on " .. serve.gpu_text(plan)
  if (plan.config.data_parallel_size or 1) > 1 then where = where .. ", in every replica" end
  if plan.feasibility.fits then
    local verdict = plan.feasibility.tight and "FITS TIGHTLY" or "FITS"
    page:text("", string.format("%s: %.1f %s to spare%s", verdict, spare, unit, where), "good")
  elseif plan.feasibility.reason == "utilization-above-free" then
    page:text("", "DOES NOT START" .. where .. ": less memory is free than vLLM would ask for", "bad")
  elseif cannot_run(plan) then
    page:text("", "NOT SUPPORTED" .. where .. ": " .. cannot_run(plan), "bad")
  elseif short > 0 then
    page:text("", string.format("DOES NOT FIT: %.1f %s short%s", short, unit, where), "bad")
  else
    page:text("", string.format("DOES NOT FIT: only %.1f %s to spare%s", spare, unit, where), "bad")
  end
end

local function model_line(plan)
  local model, pieces = plan.model, {}
  local function add(format, value, ...) if value then pieces[#pieces + 1] = string.format(format, value, ...) end end
  local params = model.params and model.params / 1e9 or model.params_b
  add("%.4g B parameters", params)
  local active = model.active_params and model.active_params / 1e9 or model.active_params_b
  if active and params and active < params * 0.999 then add("%.4g B active", active) end
  local declared = model.quantization ~= "none" and model.quantization or nil
  add("%s", plan.feasibility.weights_format or declared or model.dtype)
  return table.concat(pieces, ", ")
end

-- The context that was judged; the configuration may hold less.
local function judged_tokens(plan) return plan.feasibility.context_tokens or plan.config.max_model_len end

local function workload_line(plan)
  local sequences, tokens = plan.config.concurrency, judged_tokens(plan)
  if not sequences or not tokens then return nil end
  return string.format("%s %s of %s tokens at a time", count(sequences), sequences == 1 and "sequence" or "sequences",
    count(tokens))
end

local function risk_line(plan)
  local feasibility = plan.feasibility
  if feasibility.starts == false or cannot_run(plan) then
    if feasibility.tight then return "vLLM would not start by the best estimate; it may by its high end", "warning" end
    return "vLLM would not start with this", "bad"
  end
  local _, short = margins(plan)
  if not feasibility.fits and short <= 0 then return "that is less than the headroom asked for", "warning" end
  if feasibility.survives == false then return "it would start, but may run out of memory under load", "warning" end
  if feasibility.starts and not feasibility.fits then
    return "it would start, but not hold the whole load", "warning"
  end
  if feasibility.tight then return "the margin is smaller than the uncertainty of the estimate", "warning" end
  if feasibility.oom_risk then return "risk of running out of memory: " .. feasibility.oom_risk end
end

-- What comes out of the configuration, in the unit of the headline.
local function outcome(plan)
  local runs, gpus, unit = plan.recommended, 1, "GiB"
  if plan.memory and plan.memory.per_gpu then
    gpus, unit = (plan.config.tensor_parallel_size or 1) * (plan.config.pipeline_parallel_size or 1), "GiB per GPU"
  end
  if runs.fits then return string.format("fits with %.1f %s to spare", (runs.headroom_gb or 0) / gpus, unit), "good" end
  local either = plan.feasibility.fits and "" or " either"
  local short = (runs.shortfall_gb or 0) / gpus
  return "does not fit" .. either .. (short > 0 and string.format(", %.1f %s short", short, unit) or ""), "warning"
end

-- What was judged is not always what would run: each difference, and what comes out.
local function show_differences(page, plan)
  if not plan.recommended then return end
  local rows = serve.differences(plan, count)
  local text, style = outcome(plan)
  if #rows > 0 then
    page:text("  ", "the configuration below " .. text .. "; it has", style)
  elseif plan.recommended.fits ~= plan.feasibility.fits then
    page:text("  ", "the configuration below " .. text, style)
  end
  for _, row in ipairs(rows) do page:text("    " .. row[1] .. ": ", row[2]) end
end

local function show_verdict(page, plan)
  headline(page, plan)
  page:text("  ", string.format("%s: %s", plan.model.name or plan.model.id, model_line(plan)))
  local workload = workload_line(plan)
  local risk, style = risk_line(plan)
  if workload then page:text("  ", workload) end
  if risk then page:text("  ", risk, style) end
  show_differences(page, plan)
end

local function show_memory(page, plan)
  local memory = bar.memory(plan)
  page:heading(memory.title)
  bar.draw(page, memory)
  bar.table(page, memory)
end

local function show_limits(page, plan)
  local feasibility, memory, config, rows = plan.feasibility, plan.memory or {}, plan.config, {}
  local sequences, context = feasibility.max_concurrency_at_context, feasibility.max_context_at_concurrency
  local tokens = judged_tokens(plan)
  if sequences and tokens then
    rows[#rows + 1] = { string.format("most sequences of %s tokens", count(tokens)), count(sequences) }
  end
  if context and config.concurrency then
    local who = config.concurrency == 1 and "one sequence" or count(config.concurrency) .. " sequences"
    local own = plan.model.max_context_tokens
    local note = own and context > own and string.format(" (the model itself ends at %s)", count(own)) or ""
    rows[#rows + 1] = { "longest context of " .. who, count(context) .. " tokens" .. note }
  end
  local utilization, fewest = feasibility.min_gpu_memory_utilization, feasibility.fewest_gpus
  if utilization and utilization < (plan.feasibility.gpu_memory_utilization or 0) then
    rows[#rows + 1] = { "smallest utilization", serve.ratio(utilization) .. ", uncertainty included" }
  end
  if fewest and plan.hardware.total_gpus and fewest.gpus ~= plan.hardware.total_gpus then
    local stages = fewest.pipeline_parallel_size
    rows[#rows + 1] = { "fewest of these GPUs", string.format("%s (tensor %s%s)", count(fewest.gpus),
      count(fewest.tensor_parallel_size), stages > 1 and " x pipeline " .. count(stages) or "") }
  end
  if memory.kv_cache_tokens then
    local blocks = memory.kv_cache_blocks and memory.block_size
      and string.format(" (%s blocks of %s)", count(memory.kv_cache_blocks), count(memory.block_size)) or ""
    rows[#rows + 1] = { "KV cache of one replica", count(memory.kv_cache_tokens) .. " tokens" .. blocks }
  end
  if #rows == 0 then return end
  page:heading("Limits")
  page:rows(rows)
end

-- Rows of the configuration; what is 1, off or automatic anyway is left out.
local settings = {
  { "dtype" }, { "quantization" }, { "kv_cache_dtype" }, { "tensor_parallel_size" },
  { "pipeline_parallel_size", skip = 1 }, { "data_parallel_size", skip = 1 },
  { "enable_expert_parallel", skip = false },
  { "nodes", skip = 1 }, { "max_model_len" }, { "gpu_memory_utilization" }, { "max_num_seqs" },
  { "max_num_batched_tokens" }, { "block_size", explained = true }, { "enforce_eager", skip = false },
  { "trust_remote_code", skip = false },
}

local function setting_text(name, value)
  if name == "gpu_memory_utilization" then return serve.ratio(value) end
  if type(value) == "number" then return count(value) end
  if type(value) == "boolean" then return value and "yes" or "no" end
  return tostring(value)
end

local function show_config(page, plan)
  local config, rows = plan.config, {}
  local reasons = config.explanations or {}
  for _, setting in ipairs(settings) do
    local name = setting[1]
    local value, reason = config[name], reasons[name]
    if value ~= nil and value ~= 0 and value ~= setting.skip and (reason or not setting.explained) then
      rows[#rows + 1] = { name:gsub("_", "-"), setting_text(name, value), reason or "" }
    end
  end
  page:heading("Configuration")
  page:rows(rows)
end

local function show_warnings(page, plan)
  local warnings = plan.warnings or plan.feasibility.warnings or {}
  if #warnings == 0 then return end
  page:heading("Warnings")
  for _, warning in ipairs(warnings) do page:text("  ! ", warning, "warning") end
end

-- A change is there to be typed: it has lines of its own.
local function show_advice(page, plan)
  local advice = plan.advice or {}
  if #advice == 0 then return end
  page:heading("What would make it fit, cheapest first")
  for _, step in ipairs(advice) do
    page:text("  ", step.change)
    local is_per_gpu = plan.memory and plan.memory.per_gpu
    local each = step.headroom_gb and step.headroom_gb / (is_per_gpu and step.group_gpus or 1)
    local spare = each and each >= 0.05
      and string.format("; %.1f GiB%s to spare then", each, is_per_gpu and " per GPU" or "") or ""
    if spare ~= "" and step.context_tokens then
      spare = spare .. ", with " .. count(step.context_tokens) .. " tokens a sequence"
    end
    page:text("      ", (step.effect or (step.fits and "fits" or "helps, but does not fit")) .. spare)
  end
end

local function term_value(term)
  if term.value_bytes then
    return string.format("%s GiB (%s bytes)", gib(term.value_bytes / 2 ^ 30), count(term.value_bytes))
  end
  if not term.value then return "unknown" end
  local number = math.abs(term.value) < 100 and string.format("%.4g", term.value) or count(term.value)
  return term.unit and number .. " " .. term.unit or number
end

local function show_terms(page, plan)
  if #(plan.terms or {}) == 0 then return end
  page:heading("Where the numbers come from")
  for _, term in ipairs(plan.terms) do
    local name = page:clean(term.name or "")
    local indent = string.rep(" ", (utf8.len(name)))
    page:text("  " .. name .. " = ", term.formula or "given")
    if term.inputs then page:text("  " .. indent .. " = ", term.inputs) end
    page:text("  " .. indent .. " = ", term_value(term), "bold")
    local origin = (term.grade or "") .. (term.grade and term.source and ", " or "") .. (term.source or "")
    if origin ~= "" then page:text("  " .. indent .. "   ", origin, "dim") end
  end
end

local function show_origins(page, plan, release)
  local model, pieces = plan.model, {}
  local function add(text, value) if value then pieces[#pieces + 1] = text .. value end end
  add("model: ", model.source and model.source .. (model.family and ", family " .. model.family or ""))
  add("GPU: ", plan.hardware.detected and "detected")
  local corrected = plan.memory and plan.memory.correction
  add("memory: ", plan.memory and plan.memory.model .. (corrected and ", corrected by " .. corrected.id or ""))
  add("performance: ", plan.performance and plan.performance.model)
  add("vLLM: ", serve.version(plan, release))
  page:gap()
  page:text("Based on ", table.concat(pieces, "; "), "dim")
end

-- Whether the configuration, which may be less than what was asked for, is worth a command.
local function can_start(plan)
  local judged = plan.recommended or plan.feasibility
  for _, obstacle in ipairs(plan.feasibility.obstacles or {}) do
    if not obstacle.instead then return false end
  end
  if judged.fits then return true end
  if judged.starts ~= nil then return judged.starts end
  return (judged.shortfall_gb or 0) <= 0  -- only the headroom is missing
end

-- `vllm serve MODEL`, then a line per flag; words that are too long for that stand alone.
local function command_lines(page, plan, release)
  local lines = {}
  for _, variable in ipairs(serve.environment(plan)) do
    lines[#lines + 1] = "  " .. variable[1] .. "=" .. serve.quoted(page:clean(variable[2]))
  end
  lines[#lines + 1] = "  vllm serve " .. serve.quoted(page:clean(serve.model(plan)))
  for _, group in ipairs(serve.flags(plan, release)) do
    local words = {}
    for position, word in ipairs(group) do words[position] = serve.quoted(page:clean(word)) end
    local line = "    " .. table.concat(words, " ")
    lines[#lines + 1] = #line + 2 <= page.width and line or "    " .. table.concat(words, " \\\n      ")
  end
  return lines
end

local function show_command(page, plan, release)
  local missing = serve.missing(plan)
  if missing then
    page:heading("Serve command")
    page:text("  none: ", missing, "warning")
    return
  end
  if not can_start(plan) then return end
  page:heading("Serve command")
  local lines = command_lines(page, plan, release)
  for index, line in ipairs(lines) do page:verbatim(line .. (index < #lines and " \\" or "")) end
end

local function render(request)
  if request.plans then  -- a page of its own, loaded when it is needed
    return { file = "report.txt", format = "report", data = require("_comparison").render(request) }
  end
  local plan, options = request.plan, request.options or {}
  local page = page_of.new(options)
  show_verdict(page, plan)
  show_memory(page, plan)
  show_limits(page, plan)
  show_config(page, plan)
  speed.show(page, plan, options)
  show_warnings(page, plan)
  show_advice(page, plan)
  if options.explain then
    require("_formats").show(page, plan)
    show_terms(page, plan)
  end
  show_origins(page, plan, request.release)
  show_command(page, plan, request.release)
  return { file = "report.txt", format = "report", data = page:finished() }
end

return vw.renderer { id = "report", summary = "the report that plan prints", render = render }
