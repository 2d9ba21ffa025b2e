-- prometheus.yml, vllm-alerts.yml and grafana-dashboard.json: what to watch, with the plan's own numbers as limits.
local container, dashboard, kubernetes = require "_container", require "_dashboard", require "_kubernetes"
local serve, sizing = require "_serve", require "_sizing"
local limits = sizing.rules.alert

local function scrape()
  local target = string.format("localhost:%d", container.port)
  return {
    global = { scrape_interval = "15s", evaluation_interval = "15s" },
    rule_files = { "vllm-alerts.yml" },
    scrape_configs = { { job_name = "vllm", metrics_path = "/metrics",
      static_configs = { { targets = { target } } } } },
  }
end

local function quantile(share, metric)
  return string.format("histogram_quantile(%g, sum by (le) (rate(%s_bucket[5m])))", share, metric)
end

local function alert(name, expression, minutes, summary)
  return { alert = name, expr = expression, ["for"] = minutes .. "m", labels = { severity = "warning" },
    annotations = { summary = summary } }
end

-- Limits of latency are the high end of what was planned, and a bit more.
local function slow(name, metric, milliseconds, what)
  if not milliseconds then return nil end
  local most = milliseconds * limits.latency_factor
  return alert(name, string.format("%s > %.4g", quantile(limits.quantile, metric), most / 1000), 10,
    string.format("%s takes over %.4g ms, planned was up to %.4g ms", what, most, milliseconds))
end

local function alerts(plan, names)
  local speed, restart = plan.performance or {}, sizing.restart_s(plan) // 60
  local rules = {
    alert("VllmDown", 'up{job="vllm"} == 0', math.tointeger(restart), "vLLM is down for longer than a restart takes"),
    alert("VllmCacheFull", string.format("%s > %g", names.cache, limits.cache_share), 10,
      "the KV cache is full: requests wait or are preempted"),
    alert("VllmRequestsWait", string.format("%s > 0", names.waiting), 10, "requests have been waiting for 10 minutes"),
    alert("VllmPreempts", string.format("rate(%s[5m]) > 0", names.preemptions), 15, "requests are computed again"),
  }
  local function high(range, best) return range and range[2] or best end
  rules[#rules + 1] = slow("VllmFirstTokenSlow", names.first_token, high(speed.ttft_ms_range, speed.ttft_ms),
    "the first token")
  rules[#rules + 1] = slow("VllmTokenSlow", names.token_time, high(speed.tpot_ms_range, speed.tpot_ms), "a token")
  return { groups = { { name = "vllm", rules = rules } } }
end

local function latencies(metric)
  return { { "p50", quantile(0.5, metric) }, { "p95", quantile(0.95, metric) }, { "p99", quantile(0.99, metric) } }
end

local function rate(metric) return string.format("sum(rate(%s[1m]))", metric) end

local function panels(plan, names)
  local sequences = plan.config.max_num_seqs
  local most = sequences and string.format("at most %s run at once", serve.whole(sequences)) or nil
  return {
    { title = "Requests", unit = "short", description = most,
      queries = { { "running", "sum(" .. names.running .. ")" }, { "waiting", "sum(" .. names.waiting .. ")" } } },
    { title = "KV cache in use", unit = "percentunit", queries = { { "{{instance}}", names.cache } } },
    { title = "Time to first token", unit = "s", queries = latencies(names.first_token) },
    { title = "Time between tokens", unit = "s", queries = latencies(names.token_time) },
    { title = "Time of a request", unit = "s", queries = latencies(names.whole_request) },
    { title = "Time in the queue", unit = "s", queries = latencies(names.queue_time) },
    { title = "Tokens per second", unit = "short",
      queries = { { "prompt", rate(names.prompt_tokens) }, { "generated", rate(names.generated_tokens) } } },
    { title = "Requests per second", unit = "reqps",
      queries = { { "finished", rate(names.finished) }, { "preempted", rate(names.preemptions) } } },
  }
end

-- What this release calls its metrics. nil: its table does not say.
local function names_of(release)
  if not release or not release.metrics then return nil end
  local names = {}
  for key, known in pairs(release.metrics) do names[key] = known[1] end
  return names
end

local function render(request)
  local plan, names = request.plan, names_of(request.release)
  local name, title = kubernetes.name(plan), serve.clean("vLLM: " .. serve.model(plan))
  if not names then return { left_out = "the table of the release does not name the metrics" } end
  return { files = {
    { file = "prometheus.yml", format = "yaml", data = scrape() },
    { file = "vllm-alerts.yml", format = "yaml", data = alerts(plan, names) },
    { file = "grafana-dashboard.json", format = "json",
      data = dashboard.of(title, name:sub(1, 40), panels(plan, names)) },
  } }
end

return vw.renderer { id = "monitoring", summary = "Prometheus scrape config and alerts, Grafana dashboard",
  render = render }
