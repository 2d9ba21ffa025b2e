-- What the memory is used for, as rows for a bar and a table. Two shapes: sums over the group (classic models), and
-- the fullest GPU (models that predict what vLLM logs).
local serve = require "_serve"
local bar = {}

-- kind -> ASCII, Unicode, colour
local looks = {
  weights = { "#", "█", "blue" }, kv = { "=", "▓", "cyan" }, overhead = { "+", "▒", "yellow" },
  activation = { "+", "▒", "yellow" }, non_torch = { "%", "▚", "magenta" }, cuda_graph = { "&", "▞", "green" },
  free = { ".", "░", "dim" }, beyond = { "-", "·", "dim" },
}

local function row(kind, name, gib, note) return { kind = kind, name = name, gib = gib or 0, note = note } end

local function finished(memory, rows)
  local used = 0
  for _, each in ipairs(rows) do used = used + each.gib end
  memory.used = used
  local free = math.max(0, memory.budget - used)
  if free > 0 then rows[#rows + 1] = row("free", memory.free_name, free, memory.free_note) end
  local beyond = math.max(0, memory.total - used - free)
  if beyond > 0 then rows[#rows + 1] = row("beyond", memory.beyond_name, beyond) end
  memory.rows = rows
  return memory
end

local function beyond_name(plan)
  local utilization = plan.config and plan.config.gpu_memory_utilization
  return "beyond utilization" .. (utilization and " " .. serve.ratio(utilization) or "")
end

local function interval_note(plan, name)
  local interval = (plan.memory.intervals or {})[name] or (plan.memory.intervals or {})[name .. "_gib"]
  if not interval or not interval.low or not interval.high then return nil end
  if interval.low >= interval.high then return nil end
  return string.format("%.2f to %.2f", interval.low, interval.high)
end

local function per_gpu(plan, gpu)
  local rows = {}
  local function add(kind, name, gib)
    if gib and gib > 0 then rows[#rows + 1] = row(kind, name, gib, interval_note(plan, kind)) end
  end
  add("weights", "weights", gpu.weights_gib)
  add("activation", "activation peak", gpu.activation_gib)
  add("non_torch", "non-torch memory", gpu.non_torch_gib)
  add("cuda_graph", "CUDA graphs", gpu.cuda_graph_gib)
  -- the KV cache last: all before it is fixed
  local available, required = gpu.kv_cache_available_gib or 0, gpu.kv_cache_required_gib or 0
  rows[#rows + 1] = row("kv", "KV cache needed", required)
  local fixed = 0
  for index = 1, #rows - 1 do fixed = fixed + rows[index].gib end
  -- CUDA graphs may lie outside of the budget, so that what counts is the KV cache that is left
  local total = gpu.total_gib or 0
  local usable = available > 0 and math.min(total, fixed + available) or gpu.budget_gib or 0
  local memory = { total = total, budget = usable, title = "Memory of the fullest GPU",
    free_name = "KV cache to spare", beyond_name = beyond_name(plan) }
  local whole = interval_note(plan, "kv_cache_available")
  memory.free_note = whole and "of " .. whole
  return finished(memory, rows)
end

local function group(plan, feasibility)
  local gpus = (plan.config.tensor_parallel_size or 1) * (plan.config.pipeline_parallel_size or 1)
  local rows = {
    row("weights", "weights", feasibility.weights_gb), row("kv", "KV cache", feasibility.kv_cache_gb),
    row("overhead", "overhead", feasibility.overhead_gb),
  }
  return finished({ total = feasibility.vram_total_gb or 0, budget = feasibility.vram_target_alloc_gb or 0,
    title = gpus > 1 and string.format("Memory of %d GPUs together", gpus) or "Memory",
    free_name = "free", beyond_name = beyond_name(plan) }, rows)
end

function bar.memory(plan)
  local gpu = plan.memory and plan.memory.per_gpu
  if gpu then return per_gpu(plan, gpu) end
  return group(plan, plan.feasibility)
end

-- Cells per row: proportional, together exactly `width`, at least one for what is there.
local function cells(rows, scale, width)
  local shares, used, largest = {}, 0, 1
  for index, each in ipairs(rows) do
    local share = math.floor(each.gib / scale * width + 0.5)
    shares[index] = each.gib > 0 and math.max(1, share) or 0
    used = used + shares[index]
    if shares[index] > shares[largest] then largest = index end
  end
  shares[largest] = math.max(0, shares[largest] + width - used)
  return shares
end

function bar.look(page, kind) return looks[kind][page.unicode and 2 or 1], looks[kind][3] end

-- Where the budget ends, under a bar that is longer than it.
local function draw_limit(page, memory, scale, width)
  local column = math.floor(memory.budget / scale * width + 0.5)
  local text = string.format("usable: %.2f GiB", memory.budget)
  local mark = page.unicode and "▲" or "^"
  if column + 2 + #text <= width then
    page:row { { "   " .. string.rep(" ", math.max(0, column - 1)), nil }, { mark .. " " .. text, "bad" } }
  else
    page:row { { "   " .. string.rep(" ", math.max(0, column - 2 - #text)), nil }, { text .. " " .. mark, "bad" } }
  end
end

function bar.draw(page, memory)
  local scale = math.max(memory.total, memory.used)
  if scale <= 0 then return end
  local width = math.min(60, page.width - 4)
  local pieces = { { "  " .. (page.unicode and "▕" or "["), "dim" } }
  for index, count in ipairs(cells(memory.rows, scale, width)) do
    local glyph, style = bar.look(page, memory.rows[index].kind)
    if count > 0 then pieces[#pieces + 1] = { glyph:rep(count), style } end
  end
  pieces[#pieces + 1] = { page.unicode and "▏" or "]", "dim" }
  page:row(pieces)
  if memory.used > memory.budget + 0.005 then draw_limit(page, memory, scale, width) end
end

local function table_row(page, memory, mark, style, each, widest)
  local share = memory.total > 0 and 100 * each.gib / memory.total or 0
  local numbers = page:right(page.gib(each.gib), 11) .. " " .. page:right(string.format("%.1f %%", share), 8)
  page:row { { "  " .. mark, style }, { " " .. page:padded(each.name, widest) .. numbers },
    { each.note and "   " .. each.note or "", "dim" } }
end

function bar.table(page, memory)
  local totals = { row("total", "VRAM", memory.total) }
  if memory.used > memory.budget + 0.005 then
    totals = { row("total", "needed", memory.used), row("total", "usable", memory.budget), totals[1] }
  end
  local widest, has_notes = 0, false
  for _, each in ipairs(memory.rows) do
    widest, has_notes = math.max(widest, #each.name), has_notes or each.note ~= nil
  end
  local head = page:right("GiB", 11) .. page:right("share", 9) .. (has_notes and "   low to high" or "")
  page:row { { "    " .. page:padded("", widest) .. head, "dim" } }
  for _, each in ipairs(memory.rows) do
    local glyph, style = bar.look(page, each.kind)
    table_row(page, memory, glyph, style, each, widest)
  end
  for _, each in ipairs(totals) do table_row(page, memory, " ", nil, each, widest) end
end

return bar
