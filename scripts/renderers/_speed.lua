-- The part of the report about speed: best estimates, their intervals, and what a step is made of.
local page_of = require "_page"
local count, range, rough = page_of.count, page_of.range, page_of.rough
local speed = {}

-- "22.1 ms (14.8 - 33.2)"; the interval alone where there is no best estimate.
local function value_row(name, value, interval, unit)
  local low, high = interval and interval[1], interval and interval[2]
  if not value or value <= 0 then
    return low and high and { name, range(low, high) .. " " .. unit } or nil
  end
  local around = low and high and high > low and string.format(" (%s)", range(low, high)) or ""
  return { name, rough(value) .. " " .. unit .. around }
end

local function request_row(perf, generated)
  local interval = perf.latency_ms_range
  if not perf.latency_ms then return nil end
  local row = value_row("a whole request", perf.latency_ms / 1000, interval and { interval[1] / 1000, interval[2] / 1000 },
    "s")
  if generated then row[2] = row[2] .. " with " .. count(generated) .. " tokens generated" end
  return row
end

local pieces = {
  { "weights", "weights" }, { "kv_cache", "KV cache" }, { "compute", "compute" }, { "all_reduce", "all-reduce" },
  { "overhead", "overhead" },
}

-- Largest first; what does not reach half a percent is left out.
local function shares_row(shares)
  if not shares then return nil end
  local list = {}
  for order, piece in ipairs(pieces) do
    local share = shares[piece[1]] or 0
    if share >= 0.005 then list[#list + 1] = { share = share, order = order, name = piece[2] } end
  end
  table.sort(list, function(a, b) return a.share > b.share or (a.share == b.share and a.order < b.order) end)
  local words = {}
  for _, item in ipairs(list) do words[#words + 1] = string.format("%s %.0f %%", item.name, 100 * item.share) end
  return { "a decode step", table.concat(words, ", ") }
end

local function bound_row(perf)
  if not perf.bottleneck or perf.bottleneck == "unknown" then return nil end
  local share = perf.physical_limit_share
  local reached = share and string.format(", at %.0f %% of what the datasheet allows", 100 * share) or ""
  return { "bound by", (perf.bottleneck:gsub("[-_]", " ")) .. reached }
end

local function output_row(perf, gpus)
  local row = value_row("output of all users", perf.output_tokens_per_s, perf.output_tokens_per_s_range, "tokens/s")
  local each = perf.output_tokens_per_s_per_gpu
  if row and each and gpus > 1 then row[2] = row[2] .. ", " .. rough(each) .. " per GPU" end
  return row
end

local function rows_of(plan)
  local perf, config, rows = plan.performance, plan.config, {}
  local function add(row) if row then rows[#rows + 1] = row end end
  local prompt = value_row("time to first token", perf.ttft_ms, perf.ttft_ms_range, "ms")
  if prompt and config.prompt_tokens then
    prompt[2] = prompt[2] .. " after " .. count(config.prompt_tokens) .. " prompt tokens"
  end
  add(prompt)
  add(value_row("time per output token", perf.tpot_ms, perf.tpot_ms_range, "ms"))
  add(request_row(perf, config.gen_tokens))
  add(value_row("decode, one user", perf.decode_toks_per_s, perf.decode_toks_per_s_range, "tokens/s"))
  add(value_row("prefill, one prompt", perf.prefill_toks_per_s, perf.prefill_toks_per_s_range, "tokens/s"))
  add(output_row(perf, (config.tensor_parallel_size or 1) * (config.pipeline_parallel_size or 1)
    * (config.data_parallel_size or 1)))
  add(value_row("requests", perf.requests_per_s, perf.requests_per_s_range, "per second"))
  add(bound_row(perf))
  add(shares_row(perf.step_shares))
  return rows
end

-- Percentiles of a replay of the scheduler.
local function show_simulated(page, plan)
  local simulated = plan.performance.simulated
  if not simulated then return end
  local rows = {}
  local function add(name, times, divisor, unit)
    if not times then return end
    rows[#rows + 1] = { name, string.format("%s / %s / %s %s", rough(times.p50 / divisor), rough(times.p90 / divisor),
      rough(times.p99 / divisor), unit) }
  end
  add("time to first token", simulated.ttft_ms, 1, "ms")
  add("time per output token", simulated.tpot_ms, 1, "ms")
  add("a whole request", simulated.latency_ms, 1000, "s")
  local burst = simulated.first_burst_ttft_ms
  if burst then rows[#rows + 1] = { "first token of all at once", rough(burst) .. " ms in the mean, when the loop begins" } end
  rows[#rows + 1] = { "output of all users", rough(simulated.output_tokens_per_s) .. " tokens/s" }
  rows[#rows + 1] = { "requests", rough(simulated.requests_per_s) .. " per second" }
  if (simulated.evictions or 0) > 0 then rows[#rows + 1] = { "evicted and computed again", count(simulated.evictions) } end
  local how = simulated.request_rate_per_s and rough(simulated.request_rate_per_s) .. " a second"
    or "a closed loop of " .. count(plan.config.concurrency or 1)
  page:heading(string.format("Simulated: %s requests, %s, seed %s (p50 / p90 / p99)", count(simulated.requests), how,
    count(simulated.seed)))
  page:rows(rows)
end

function speed.show(page, plan, options)
  local perf = plan.performance
  if not perf then return end
  local rows = rows_of(plan)
  if #rows == 0 then return end
  page:heading("Expected performance")
  page:rows(rows)
  local assumptions = perf.assumptions or {}
  if #assumptions > 0 then
    page:text("  assumed: ", table.concat(assumptions, "; "), "dim", not options.explain and 3 or nil)
  end
  show_simulated(page, plan)
end

return speed
