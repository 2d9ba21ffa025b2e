-- What vLLM prints while it starts, release by release. Patterns are of the message only: prefixes, times and places
-- before it are skipped. Files are those of vLLM that hold the text.
local worker, runner = "vllm/v1/worker/gpu_worker.py", "vllm/v1/worker/gpu_model_runner.py"
local cache, config = "vllm/v1/core/kv_cache_utils.py", "vllm/config/vllm.py"
local server = "vllm/entrypoints/openai/api_server.py"

local lines = {
  -- who, and how it was asked
  { pattern = "vLLM API server version {w:version}", phase = "start", file = server },
  { pattern = "▀▄▀ █  version {w:version}", phase = "start", file = "vllm/entrypoints/utils.py", since = "0.13.0" },
  { pattern = "Automatically detected platform {w:platform}.", file = "vllm/platforms/__init__.py" },
  { pattern = "non-default args: {s:arguments}", file = "vllm/entrypoints/utils.py", since = "0.9.0" },
  { pattern = "args: Namespace({s:arguments}", file = server, before = "0.9.0" },
  { pattern = "Initializing a V1 LLM engine (v{w:version}) with config: {s:config}", file = "vllm/v1/engine/core.py" },
  { pattern = "Initializing a V0 LLM engine (v{w:version}) with config: {s:config}", file = "vllm/engine/llm_engine.py" },
  { pattern = "Initializing an LLM engine (v{w:version}) with config: {s:config}", file = "vllm/engine/llm_engine.py" },
  { pattern = "Resolved architecture: {w:architecture}", file = "vllm/config/model.py" },
  { pattern = "Using max model len {n:context_tokens}", file = "vllm/config/model.py" },
  { pattern = "Chunked prefill is enabled with max_num_batched_tokens={n:batched_tokens}", file = "vllm/config/scheduler.py" },
  { pattern = "Using V{w:runner} Model Runner", file = config },
  { pattern = "device_name={s:gpu}.json", file = "vllm/model_executor/layers/fused_moe/fused_moe.py" },
  { pattern = "device_name={s:gpu},dtype=", file = "vllm/model_executor/layers/fused_moe/fused_moe.py" },

  -- weights
  { pattern = "Starting to load model", phase = "load", file = runner },
  { pattern = "Model loading took {f:weights_gib} GB and {f} seconds", phase = "profile", file = runner, before = "0.8.3" },
  { pattern = "Model loading took {f:weights_gib} GiB and {f} seconds", phase = "profile", file = runner, since = "0.8.3" },
  { pattern = "Model loading took {f:weights_gib} GiB memory and {f} seconds", phase = "profile", file = runner },
  { pattern = "Loading model weights took {f:weights_gib} GB", phase = "profile", file = runner, before = "0.8.0" },

  -- the profile run
  { pattern = "Memory profiling takes {f} seconds. Total non KV cache memory: {f:non_kv_gib}GiB; torch peak memory increase: {f:activation_gib}GiB; non-torch forward increase memory: {f:non_torch_gib}GiB; weights memory: {f:weights_gib}GiB.",
    file = worker, since = "0.10.0", before = "0.26.0" },
  { pattern = "torch peak memory increase: {f:activation_gib}GiB; total consumed (from mem_get_info): {f:consumed_gib}GiB; weights memory: {f:weights_gib}GiB.",
    file = worker, since = "0.26.0" },
  -- the V0 engine, and the last releases that had it
  { pattern = "model weights take {f:weights_gib}GiB; non_torch_memory takes {f:non_torch_gib}GiB; PyTorch activation peak memory takes {f:activation_gib}GiB; the rest of the memory reserved for KV Cache is {f:kv_available_gib}GiB",
    phase = "kv-cache", file = "vllm/worker/worker.py", before = "0.11.0" },
  { pattern = "the current vLLM instance can use total_gpu_memory ({f:total_gib}GiB) x gpu_memory_utilization ({f:utilization}) = {f:requested_gib}GiB",
    file = "vllm/worker/worker.py", before = "0.11.0" },
  { pattern = "Initial free memory: {f:free_at_start_gib} GiB; Requested memory: {f:utilization} (util), {f:requested_gib} GiB", file = worker, since = "0.10.0" },
  { pattern = "Free memory after profiling: {f:free_after_gib} GiB (total), {f} GiB (within requested)", file = worker, since = "0.10.0" },
  { pattern = "Estimated CUDA graph memory: {f:graph_estimate_gib} GiB total", file = runner, since = "0.16.0" },
  { pattern = "Available KV cache memory: {f:kv_available_gib} GiB", phase = "kv-cache", file = worker, since = "0.10.0" },
  { pattern = "The current --gpu-memory-utilization={f:utilization} is equivalent to --gpu-memory-utilization=", file = worker, since = "0.16.0" },
  { pattern = "Initial free memory {f:free_at_start_gib} GiB, reserved {f:kv_available_gib} GiB memory for KV Cache as specified by kv_cache_memory_bytes", phase = "kv-cache", file = worker },

  -- blocks
  { pattern = "# GPU blocks: {n:kv_blocks}", phase = "kv-cache", file = "vllm/executor/executor_base.py", before = "0.9.0" },
  { pattern = "GPU KV cache size: {n:kv_tokens} tokens", phase = "kv-cache", file = cache },
  { pattern = "Maximum concurrency for {n:context_tokens} tokens per request: {f:concurrency}x", phase = "graph-capture", file = cache },
  { pattern = "Setting kv cache block size to {n:block_tokens} for", file = config },
  { pattern = "Setting attention block size to {n:block_tokens} tokens to ensure that attention page size is >= mamba page size.", file = "vllm/platforms/interface.py" },
  { pattern = "Auto-fit max_model_len: reduced from {n} to {n:context_tokens} to fit in available GPU memory ({f} GiB available for KV cache)", file = cache, since = "0.14.0" },
  { pattern = "Auto-fit max_model_len: full model context length {n:context_tokens} fits in available GPU memory", file = cache, since = "0.14.0" },
  { pattern = "estimated maximum model length is {n:longest_context_tokens}.", file = cache },

  -- CUDA graphs and what comes behind
  { pattern = "Graph capturing finished in {f} secs, took {f:graph_gib} GiB", phase = "warm-up", file = runner },
  { pattern = "CUDA graph pool memory: {f:graph_gib} GiB (actual), {f:graph_estimate_gib} GiB (estimated)", file = runner, since = "0.16.0" },
  -- the summary, by way of accounting
  { pattern = "Free memory on device {s}({f:free_at_start_gib}/{f:total_gib} GiB) on startup. Desired GPU memory utilization is ({f:utilization}, {f:requested_gib} GiB). Actual usage is {f:weights_gib} GiB for weight, {f:activation_gib} GiB for peak activation, {f:non_torch_gib} GiB for non-torch memory, and {f:graph_gib} GiB for CUDAGraph memory.",
    file = worker, since = "0.10.2", before = "0.26.0" },
  { pattern = "Free memory on device {s}({f:free_at_start_gib}/{f:total_gib} GiB) on startup. Desired GPU memory utilization is ({f:utilization}, {f:requested_gib} GiB). Actual usage is {f:consumed_gib} GiB for consumed memory (weights + non-torch), {f:activation_gib} GiB for peak activation, and {f:graph_gib} GiB for CUDAGraph memory.",
    file = worker, since = "0.26.0" },
  { pattern = "Current kv cache memory in use is {f:kv_in_use_gib} GiB.", file = worker },
  { pattern = "Current kv cache memory in use is {n:kv_in_use_bytes} bytes.", file = worker, before = "0.12.0" },
  { pattern = "init engine (profile, create kv cache, warmup model) took", phase = "warm-up", file = "vllm/v1/engine/core.py" },
  { pattern = "Application startup complete.", phase = "serving", file = "uvicorn" },

  -- frames of a traceback that say where it happened
  { pattern = ", in load_model", phase = "load", file = runner },
  { pattern = ", in profile_run", phase = "profile", file = runner },
  { pattern = ", in determine_available_memory", phase = "profile", file = worker },
  { pattern = ", in initialize_kv_cache", phase = "kv-cache", file = runner },
  { pattern = ", in capture_model", phase = "graph-capture", file = runner },
}

return vw.log {
  id = "start-up", summary = "what vLLM prints while it starts",
  sources = { "vLLM 0.6 to 0.31, files as named" },
  lines = lines,
  ignored = { "Received request ", "Added request " },  -- words of users: vllm/entrypoints/logger.py
}
