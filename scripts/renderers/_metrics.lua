-- Names of vLLM's metrics: vllm/v1/metrics/loggers.py. `since` is from memory of the releases, not read in each.
local serve = require "_serve"
local kept = {
  running = "vllm:num_requests_running", waiting = "vllm:num_requests_waiting",
  preemptions = "vllm:num_preemptions_total",
  prompt_tokens = "vllm:prompt_tokens_total", generated_tokens = "vllm:generation_tokens_total",
  finished = "vllm:request_success_total",
  first_token = "vllm:time_to_first_token_seconds", whole_request = "vllm:e2e_request_latency_seconds",
  queue_time = "vllm:request_queue_time_seconds",
}

local renamed = {
  { "cache", old = "vllm:gpu_cache_usage_perc", new = "vllm:kv_cache_usage_perc", since = { 0, 10, 2 } },
  { "token_time", old = "vllm:time_per_output_token_seconds", new = "vllm:inter_token_latency_seconds",
    since = { 0, 11, 0 } },
}

-- The names that a release has; the newest where nobody knows the release.
local function of(version)
  local names = {}
  for key, value in pairs(kept) do names[key] = value end
  for _, metric in ipairs(renamed) do
    names[metric[1]] = serve.is_before(version, metric.since) and metric.old or metric.new
  end
  return names
end

return { of = of }
