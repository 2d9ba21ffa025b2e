-- Names of vLLM's metrics on the page /metrics, newest first: vllm/v1/metrics/loggers.py, vllm/engine/metrics.py up to
-- the V0 engine. `since` is the release from which on a name stands before the older ones; from memory of the releases,
-- not read in each. Both may be on a page for some releases.
local versions = require "_versions"

local names = {
  running = { { "vllm:num_requests_running" } },
  waiting = { { "vllm:num_requests_waiting" } },
  cache = { { "vllm:kv_cache_usage_perc", since = "0.10.2" }, { "vllm:gpu_cache_usage_perc" } },
  cache_config = { { "vllm:cache_config_info" } },
  prefix_queries = { { "vllm:prefix_cache_queries_total", since = "0.9.1" },
    { "vllm:gpu_prefix_cache_queries_total" } },
  prefix_hits = { { "vllm:prefix_cache_hits_total", since = "0.9.1" }, { "vllm:gpu_prefix_cache_hits_total" } },
  preemptions = { { "vllm:num_preemptions_total" } },
  prompt_tokens = { { "vllm:prompt_tokens_total" } },
  generated_tokens = { { "vllm:generation_tokens_total" } },
  finished = { { "vllm:request_success_total" } },
  first_token = { { "vllm:time_to_first_token_seconds" } },
  token_time = { { "vllm:inter_token_latency_seconds", since = "0.11.0" }, { "vllm:time_per_output_token_seconds" },
    { "vllm:request_time_per_output_token_seconds", since = "0.11.0", last = true } },
  whole_request = { { "vllm:e2e_request_latency_seconds" } },
  queue_time = { { "vllm:request_queue_time_seconds" } },
  -- prometheus_client/process_collector.py; not there with several API servers
  started = { { "process_start_time_seconds" } },
}

-- Lists of names by what they measure: the one that the release shows, then those of other releases, because nobody
-- asks a server for its release before reading its page.
local function of(version)
  local known = {}
  for key, entries in pairs(names) do
    local own, others = vw.list {}, {}
    for _, entry in ipairs(entries) do
      local is_own = not entry.last and #versions.known({ entry }, version) > 0
      table.insert(is_own and own or others, entry[1])
    end
    for _, name in ipairs(others) do own[#own + 1] = name end
    known[key] = own
  end
  return known
end

return { of = of }
