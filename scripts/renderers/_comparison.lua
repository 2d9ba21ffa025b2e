-- Several releases side by side: what each would log, and what changed between them.
local page_of, serve = require "_page", require "_serve"
local count, gib = page_of.count, page_of.gib
local comparison = {}

local function versions(plans)
  local list = {}
  for index, plan in ipairs(plans) do list[index] = plan.vllm_version or "?" end
  return list
end

local function in_words(list)
  if #list < 2 then return list[1] or "" end
  return table.concat(list, ", ", 1, #list - 1) .. " and " .. list[#list]
end

local function verdict(plan)
  local feasibility = plan.feasibility
  if #(feasibility.obstacles or {}) > 0 then return "not supported" end
  if feasibility.fits then return feasibility.tight and "fits tightly" or "fits" end
  return feasibility.starts and "starts, too small" or "does not fit"
end

local function per_gpu(name)
  return function(plan)
    local value = ((plan.memory or {}).per_gpu or {})[name]
    return value and gib(value)
  end
end

local function counted(section, name)
  return function(plan)
    local value = (plan[section] or {})[name]
    return value and count(value)
  end
end

local measures = {
  { "verdict", verdict },
  { "risk", function(plan) return plan.feasibility.oom_risk end },
  { "utilization", function(plan)
    local share = plan.feasibility.gpu_memory_utilization
    return share and serve.ratio(share)
  end },
  { "weights, GiB", per_gpu "weights_gib" }, { "activation peak, GiB", per_gpu "activation_gib" },
  { "non-torch memory, GiB", per_gpu "non_torch_gib" }, { "CUDA graphs, GiB", per_gpu "cuda_graph_gib" },
  { "KV cache available, GiB", per_gpu "kv_cache_available_gib" },
  { "KV cache needed, GiB", per_gpu "kv_cache_required_gib" },
  { "KV cache, tokens as logged", counted("memory", "kv_cache_tokens") },
  { "judged context, tokens", counted("feasibility", "context_tokens") },
  { "most sequences of it", counted("feasibility", "max_concurrency_at_context") },
  { "longest context, tokens", counted("feasibility", "max_context_at_concurrency") },
  { "max-model-len to serve", counted("config", "max_model_len") },
  { "max-num-batched-tokens to serve", counted("config", "max_num_batched_tokens") },
}

-- Rows of { name, value of each plan }, without those that no plan has. Third: whether the values differ.
local function table_rows(plans)
  local rows = {}
  for _, measure in ipairs(measures) do
    local row, is_there, differs = { measure[1] }, false, false
    for index, plan in ipairs(plans) do
      local value = measure[2](plan)
      is_there = is_there or value ~= nil
      row[index + 1] = value or "-"
      differs = differs or row[index + 1] ~= row[2]
    end
    if is_there then rows[#rows + 1] = { cells = row, differs = differs } end
  end
  return rows
end

local function show_table(page, plans)
  local rows = { { cells = { "vLLM", table.unpack(versions(plans)) } } }
  for _, row in ipairs(table_rows(plans)) do rows[#rows + 1] = row end
  local widths = {}
  for _, row in ipairs(rows) do
    for index, cell in ipairs(row.cells) do widths[index] = math.max(widths[index] or 0, #page:clean(cell)) end
  end
  for _, row in ipairs(rows) do
    local line = "  " .. page:padded(row.cells[1], widths[1])
    for index = 2, #row.cells do line = line .. "  " .. page:right(page:clean(row.cells[index]), widths[index]) end
    page:row { { line, row.differs and "bold" or nil }, { row.differs and "  *" or "", "dim" } }
  end
end

-- What a setting of a release means to the person who upgrades.
local meanings = {
  gpu_memory_utilization = "share of the card", block_tokens = "tokens in a block",
  max_num_seqs = "sequences in a step", max_num_batched_tokens = "tokens in a step",
  prefix_caching = "prefix caching", prefix_caching_state_models = "prefix caching of models with states",
  chunked_prefill = "chunked prefill", async_scheduling = "asynchronous scheduling",
  cudagraph_mode = "CUDA graphs", cudagraph_sizes = "sizes of CUDA graphs",
  cudagraph_cap = "largest CUDA graph", max_model_len_auto = "--max-model-len auto",
  checkpoint_kv_cache_dtype = "KV cache dtype from the checkpoint", graph_estimate = "CUDA graphs taken from the budget",
  tokens_logged = "tokens in the log are counted by", runner = "model runner",
  in_flight_steps = "steps in flight", sampler_path = "sampler", moe_form = "experts' kernels",
  moe_chunk_tokens = "tokens of a chunk of experts", requested_rounds_up = "budget rounded up",
  snapshot_after_groups = "communicators before the budget", hybrid_groups = "several attention kinds in one cache",
  fused_all_reduce = "all-reduce fused with norms", vocab_padding_with_tp = "vocabulary padded to tensor parallel",
}

-- Values by memory of the card: the one that holds for this card.
local function resolved(value, plan)
  if type(value) ~= "table" then return value end
  local best, least = nil, -1
  for _, tier in ipairs(value) do
    local name = (plan.hardware.gpu_name or ""):lower()
    local is_excepted = tier.unless_name and name:find(tier.unless_name:lower(), 1, true)
    local from = tier.least_gib or 0
    if tier.value and not is_excepted and (plan.hardware.vram_gib or 0) >= from and from >= least then
      best, least = tier.value, from
    end
  end
  return best
end

local function word(value)
  if value == nil then return "-" end
  if type(value) == "boolean" then return value and "yes" or "no" end
  return type(value) == "number" and string.format("%.14g", value) or tostring(value)
end

local function changed_settings(before, after, plan)
  local rows, names = {}, {}
  for name in pairs(meanings) do names[#names + 1] = name end
  table.sort(names, function(left, right) return meanings[left] < meanings[right] end)
  for _, name in ipairs(names) do
    local function of(release)
      local value = (release.defaults or {})[name]
      if value == nil then value = (release.memory or {})[name] end
      return word(resolved(value, plan))
    end
    if of(before) ~= of(after) then rows[#rows + 1] = { meanings[name], of(before) .. " -> " .. of(after) } end
  end
  return rows
end

local function missing_from(list, others)
  local known, missing = {}, {}
  for _, each in ipairs(others or {}) do known[each] = true end
  for _, each in ipairs(list or {}) do if not known[each] then missing[#missing + 1] = each end end
  return missing
end

local function flags_text(before, after)
  local gone, fresh = missing_from(before.flags, after.flags), missing_from(after.flags, before.flags)
  if #gone + #fresh == 0 then return nil end
  local text = string.format("%d new", #fresh)
  if #gone > 0 then text = text .. "; gone: " .. table.concat(gone, ", ") end
  return text
end

-- Warnings of one release that another one does not have.
local function show_warnings(page, plans)
  local rows = {}
  for index, plan in ipairs(plans) do
    local told = {}
    for other, beside in ipairs(plans) do
      if other ~= index then
        for _, warning in ipairs(missing_from(plan.warnings, beside.warnings)) do
          if not told[warning] then rows[#rows + 1] = word(plan.vllm_version) .. ": " .. warning end
          told[warning] = true
        end
      end
    end
  end
  if #rows == 0 then return end
  page:heading("Warnings of some releases only")
  for _, row in ipairs(rows) do page:text("  ! ", row, "warning") end
end

local function show_changes(page, plans, releases)
  for index = 2, #plans do
    page:heading(string.format("What changed from vLLM %s to %s", word(plans[index - 1].vllm_version),
      word(plans[index].vllm_version)))
    local before, after = releases[index - 1] or {}, releases[index] or {}
    local rows = changed_settings(before, after, plans[index])
    local flags = flags_text(before, after)
    if #rows == 0 and not flags then
      page:text("  ", "nothing that is known here: the same table describes both")
    end
    page:rows(rows)
    if flags then page:text("  flags: ", flags) end
  end
end

function comparison.render(request)
  local plans = request.plans
  local page, first = page_of.new(request.options), plans[1]
  page:text("", string.format("%s on %s with vLLM %s", first.model.name or first.model.id, serve.gpu_text(first),
    in_words(versions(plans))), "bold")
  page:gap()
  show_table(page, plans)
  page:text("  ", "* differs; memory is of the fullest GPU", "dim")
  show_warnings(page, plans)
  show_changes(page, plans, request.releases or {})
  page:gap()
  page:text("", "One --vllm-version alone shows the whole plan.", "dim")
  return page:finished()
end

return comparison
