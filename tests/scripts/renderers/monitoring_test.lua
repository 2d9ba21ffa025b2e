local plan = require "_plan"

local names = {
  running = { "vllm:num_requests_running" }, waiting = { "vllm:num_requests_waiting" },
  cache = { "vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc" }, preemptions = { "vllm:num_preemptions_total" },
  prompt_tokens = { "vllm:prompt_tokens_total" }, generated_tokens = { "vllm:generation_tokens_total" },
  finished = { "vllm:request_success_total" }, first_token = { "vllm:time_to_first_token_seconds" },
  token_time = { "vllm:inter_token_latency_seconds" }, whole_request = { "vllm:e2e_request_latency_seconds" },
  queue_time = { "vllm:request_queue_time_seconds" },
}

local function rendered(changes, metrics)
  return subject.render { verb = "render", plan = plan(changes), release = { metrics = metrics or names } }
end

local function alerts(changes, metrics)
  local found = {}
  for _, rule in ipairs(rendered(changes, metrics).files[2].data.groups[1].rules) do found[rule.alert] = rule.expr end
  return found
end

return {
  { "limits of latency come from the plan", function()
    local made = alerts { performance = { ttft_ms = 100, ttft_ms_range = { 50, 200 } } }
    vw.expect(made.VllmFirstTokenSlow, "histogram_quantile(0.95, sum by (le) "
      .. "(rate(vllm:time_to_first_token_seconds_bucket[5m]))) > 0.3")
    vw.expect(made.VllmTokenSlow, nil)
  end },
  { "names are those that the release shows first", function()
    vw.expect(alerts({}).VllmCacheFull, "vllm:kv_cache_usage_perc > 0.95")
    local older = {}
    for key, known in pairs(names) do older[key] = known end
    older.cache = { "vllm:gpu_cache_usage_perc", "vllm:kv_cache_usage_perc" }
    vw.expect(alerts({}, older).VllmCacheFull, "vllm:gpu_cache_usage_perc > 0.95")
  end },
  { "without names of metrics there is nothing to watch by", function()
    vw.expect(subject.render({ verb = "render", plan = plan {}, release = {} }).left_out,
      "the table of the release does not name the metrics")
  end },
  { "queries of the dashboard have letters, panels places of their own", function()
    local places, panels = {}, rendered().files[3].data.panels
    for _, panel in ipairs(panels) do places[panel.gridPos.x .. "," .. panel.gridPos.y] = true end
    local count = 0
    for _ in pairs(places) do count = count + 1 end
    vw.expect({ count, panels[3].targets[2].refId }, { #panels, "B" })
  end },
  require "_missing_checkpoint" (subject),
}
