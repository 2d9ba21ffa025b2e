local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

local function alerts(changes)
  local found = {}
  for _, rule in ipairs(rendered(changes).files[2].data.groups[1].rules) do found[rule.alert] = rule.expr end
  return found
end

return {
  { "limits of latency come from the plan", function()
    local made = alerts { performance = { ttft_ms = 100, ttft_ms_range = { 50, 200 } } }
    vw.expect(made.VllmFirstTokenSlow, "histogram_quantile(0.95, sum by (le) "
      .. "(rate(vllm:time_to_first_token_seconds_bucket[5m]))) > 0.3")
    vw.expect(made.VllmTokenSlow, nil)
  end },
  { "older releases have older names", function()
    vw.expect({ alerts({ vllm_version = "0.10.1" }).VllmCacheFull, alerts({ vllm_version = "0.31" }).VllmCacheFull },
      { "vllm:gpu_cache_usage_perc > 0.95", "vllm:kv_cache_usage_perc > 0.95" })
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
