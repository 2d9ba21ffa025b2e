-- What a plan uses when neither option nor profile says otherwise.
return vw.defaults {
  id = "defaults",
  memory_model = "vllm",
  perf_model = "roofline",
  sources = { "local-files", "hf-cache", "catalogue", "hf-hub" },
  detectors = { "nvidia-smi", "rocm-smi" },
  emit = { "command", "profile" },
  report = "report",
  -- When a running server leaves its plan. Assumed where no source is named.
  watch = {
    probe = "vllm-metrics",
    kv_cache_share = 0.90,     -- vLLM preempts once no block is left (vllm/v1/core/sched/scheduler.py): a tenth is room
    waiting_s = 30,            -- a queue that a burst leaves is gone by then
    least_requests = 5,
    latency_factor = 1.5,      -- as the alerts that `generate --emit monitoring` writes
    memory_slack_gib = 0.5,    -- a desktop, a second context
    growth_samples = 6,
    growth_mib = 256,          -- several segments of PyTorch's allocator (c10/cuda/CUDACachingAllocator.cpp: 20 MiB)
    growth_fit = 0.8,          -- a single step in the middle has 0.75
  },
  -- Thresholds of the recommendations; all from vllm_wizard (Python), planning/recommend.py, unless said.
  recommend = {
    consumer_gpu_memory_utilization = 0.88,  -- these cards drive a display, too
    usual_gpu_memory_utilization = { 0.5, 0.98 },  -- outside of it: a warning; advice stays inside
    kv_pressure_for_fp8 = 0.40,              -- KV cache needed / usable memory
    extra_sequences = { throughput = 4, balanced = 2, latency = 0 },
    batched_tokens_factor = { throughput = 1.5, balanced = 1.25, latency = 1.0 },
    least_batched_tokens = 8192,
    most_batched_tokens = {
      { least_gib = 40, value = 65536 }, { least_gib = 20, value = 32768 }, { least_gib = 0, value = 16384 },
    },
    -- the search over halves and doubles of those tokens
    least_searched_tokens = 2048,  -- vLLM's own number where it has none for the card (vllm/engine/arg_utils.py)
    least_gain = 0.02,             -- less than the model can tell apart (tests/validation/servers_baseline.json)
  },
  -- What `diagnose` tries.
  mend = {
    margin_gib = 0.15,            -- vllm/v1/worker/gpu_worker.py keeps 150 MiB free in the sizes that it suggests
    least_context_tokens = 256,   -- less holds no prompt
    least_batched_tokens = 256,   -- less than a block of prefill is slower than any other mend
    most_tensor_parallel = 8,     -- cards of one usual machine
    -- an order, not a measure: what takes nothing from users first, what costs money last
    loss = {
      ["free-memory"] = 0, ["higher-utilization"] = 1, ["lower-utilization"] = 1, ["other-dtype"] = 1,
      ["fewer-batched-tokens"] = 2, ["fewer-sequences"] = 2, ["lower-max-model-len"] = 2, ["smaller-kv-cache"] = 3,
      ["enforce-eager"] = 4, ["smaller-weights"] = 5, ["fewer-gpus"] = 5, ["more-gpus"] = 7, ["together"] = 8,
    },
    loss_of_all = { ["fewer-batched-tokens"] = 2, ["fewer-sequences"] = 3, ["lower-max-model-len"] = 4 },
  },
  -- Half of what starts of one server on one machine differ by; the start-ups meant are those of tests/validation.
  calibrate = {
    spread_gib = {
      weights = 0.005,     -- as printed: equal in all repeated starts
      activation = 0.01,   -- 5.56 twice, 5.64 twice (github-file:id28022205292)
      non_torch = 0.02,    -- 0.13 twice, 0.14 twice (the same)
      cuda_graph = 0.02,   -- 0.11 and 0.09 (sostrowsk-spark-07, -12)
      kv_cache = 0.03,     -- 620,944 and 622,408 tokens (club3090-295-a, -294-a)
    },
    unified_spread_gib = 0.3,  -- 35.64 and 35.06 left on one GB10 (sostrowsk-spark-07, -12)
  },
}
