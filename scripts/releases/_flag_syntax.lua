-- How the flags of `vllm serve` are written: short names, and what stands behind each. The same for all releases, gone
-- flags included: somebody's old command is to be read before it is judged. Sources: vllm/engine/arg_utils.py,
-- vllm/entrypoints/openai/cli_args.py and vllm/utils/argparse_utils.py, the newest tree; flags that are gone from memory.
-- A flag in none of the lists takes one word of text.
return {
  -- Every switch has a form --no-x from here on (argparse.BooleanOptionalAction); before, only what _flags.lua lists.
  negated_since = "0.9.1",

  -- short name to flag
  aliases = {
    ["-tp"] = "--tensor-parallel-size", ["-pp"] = "--pipeline-parallel-size", ["-dp"] = "--data-parallel-size",
    ["-dpl"] = "--data-parallel-size-local", ["-dpa"] = "--data-parallel-address",
    ["-dpp"] = "--data-parallel-rpc-port", ["-dpb"] = "--data-parallel-backend", ["-dpn"] = "--data-parallel-rank",
    ["-dpr"] = "--data-parallel-start-rank", ["-dph"] = "--data-parallel-hybrid-lb",
    ["-dpe"] = "--data-parallel-external-lb", ["-ep"] = "--enable-expert-parallel",
    ["-dcp"] = "--decode-context-parallel-size", ["-pcp"] = "--prefill-context-parallel-size",
    ["-n"] = "--nnodes", ["-r"] = "--node-rank", ["-asc"] = "--api-server-count", ["-q"] = "--quantization",
    ["-cc"] = "--compilation-config", ["-ac"] = "--attention-config", ["-sc"] = "--speculative-config",
  },

  -- nothing stands behind
  switches = {
    "--enable-auto-tool-choice", "--disable-log-stats", "--headless", "--enable-log-requests", "--allow-credentials",
    "--disable-frontend-multiprocessing", "--enable-request-id-headers", "--disable-fastapi-docs",
    "--enable-prompt-tokens-details", "--enable-force-include-usage", "--enable-server-load-tracking",
    "--disable-uvicorn-access-log", "--enable-ssl-refresh", "--return-tokens-as-token-ids",
    "--trust-request-chat-template", "--exclude-tools-when-tool-choice-none", "--log-error-stack",
    "--enable-log-outputs", "--tokens-only", "--enable-tokenizer-info-endpoint", "--disable-log-requests",
    "--enforce-eager", "--trust-remote-code", "--disable-sliding-window", "--enable-sleep-mode",
    "--enable-cumem-allocator", "--allow-deprecated-quantization", "--skip-tokenizer-init", "--enable-prompt-embeds",
    "--use-tqdm-on-load", "--disable-cascade-attn",
    "--enable-expert-parallel", "--disable-custom-all-reduce", "--data-parallel-hybrid-lb",
    "--data-parallel-external-lb", "--enable-eplb", "--enable-dbo", "--enable-elastic-ep", "--enable-ep-weight-filter",
    "--numa-bind", "--ray-workers-use-nsight", "--worker-use-ray", "--engine-use-ray",
    "--disable-nccl-for-dp-synchronization",
    "--enable-prefix-caching", "--kv-sharing-fast-prefill", "--calculate-kv-scales",
    "--enable-chunked-prefill", "--disable-chunked-mm-input", "--async-scheduling",
    "--disable-hybrid-kv-cache-manager", "--scheduler-reserve-full-isl", "--use-v2-block-manager",
    "--disable-async-output-proc", "--multi-step-stream-outputs",
    "--skip-mm-profiling", "--mm-encoder-only", "--enable-mm-embeds", "--language-model-only",
    "--interleave-mm-strings", "--disable-mm-preprocessor-cache", "--enable-multimodal-encoder-data-parallel",
    "--enable-lora", "--fully-sharded-loras", "--enable-lora-bias", "--enable-prompt-adapter", "--enable-reasoning",
    "--guided-decoding-disable-fallback", "--guided-decoding-disable-any-whitespace",
    "--guided-decoding-disable-additional-properties", "--disable-logprobs-during-spec-decoding",
    "--speculative-disable-mqa-scorer", "--enable-layerwise-nvtx-tracing",
  },

  -- one whole number
  integers = {
    "--port", "--api-server-count", "--max-log-len", "--seed", "--max-logprobs", "--max-parallel-loading-workers",
    "--tensor-parallel-size", "--pipeline-parallel-size", "--data-parallel-size", "--data-parallel-size-local",
    "--data-parallel-rpc-port", "--data-parallel-start-rank", "--data-parallel-rank",
    "--decode-context-parallel-size", "--prefill-context-parallel-size", "--ubatch-size", "--nnodes", "--node-rank",
    "--master-port", "--block-size", "--num-gpu-blocks-override", "--mamba-block-size", "--max-num-seqs",
    "--long-prefill-token-threshold", "--max-num-partial-prefills", "--max-long-partial-prefills",
    "--stream-interval", "--max-num-scheduled-tokens", "--max-num-queued-reqs", "--max-num-queued-tokens",
    "--max-cudagraph-capture-size", "--max-seq-len-to-capture", "--max-context-len-to-capture",
    "--max-loras", "--max-lora-rank", "--max-cpu-loras", "--lora-extra-vocab-size", "--num-scheduler-steps",
    "--num-lookahead-slots", "--num-speculative-tokens", "--optimization-level", "--spec-tokens",
    "--speculative-draft-tensor-parallel-size", "--speculative-max-model-len", "--ngram-prompt-lookup-max",
    "--ngram-prompt-lookup-min", "--max-prompt-adapters", "--max-prompt-adapter-token", "--tokenizer-pool-size",
    "--dbo-decode-token-threshold", "--dbo-prefill-token-threshold", "--h11-max-incomplete-event-size",
    "--h11-max-header-count", "--offload-group-size", "--offload-num-in-group", "--offload-prefetch-step",
  },

  -- a whole number that may end in k, K, m, M, g, G (human_readable_int)
  counts = { "--max-model-len", "--max-num-batched-tokens", "--kv-cache-memory-bytes" },

  -- a number
  numbers = {
    "--gpu-memory-utilization", "--cpu-offload-gb", "--swap-space", "--kv-offloading-size", "--mm-processor-cache-gb",
    "--video-pruning-rate", "--rope-theta", "--scheduler-delay-factor", "--mm-ipc-gpu-memory-gb", "--watermark",
  },

  -- a JSON object; its members may also be given as --x.member value
  objects = {
    "--compilation-config", "--speculative-config", "--hf-overrides", "--mm-processor-kwargs", "--media-io-kwargs",
    "--limit-mm-per-prompt", "--kv-transfer-config", "--kv-events-config", "--ec-transfer-config", "--eplb-config",
    "--structured-outputs-config", "--attention-config", "--kernel-config", "--quantization-config",
    "--model-loader-extra-config", "--override-generation-config", "--override-pooler-config", "--pooler-config",
    "--additional-config", "--rope-scaling", "--default-chat-template-kwargs", "--profiler-config",
    "--default-mm-loras",
  },

  -- one word or more
  lists = {
    "--served-model-name", "--lora-modules", "--cudagraph-capture-sizes", "--cuda-graph-sizes",
    "--prompt-adapters", "--ignore-patterns", "--logits-processors", "--kv-cache-dtype-skip-layers",
    "--lora-target-modules", "--allowed-media-domains", "--cpu-offload-params", "--offload-params",
  },

  -- flag that does nothing without another one, and one that vLLM refuses without it
  useless_without = {
    ["--max-loras"] = "--enable-lora", ["--max-lora-rank"] = "--enable-lora", ["--max-cpu-loras"] = "--enable-lora",
    ["--lora-dtype"] = "--enable-lora", ["--fully-sharded-loras"] = "--enable-lora",
    ["--tool-call-parser"] = "--enable-auto-tool-choice", ["--eplb-config"] = "--enable-eplb",
    ["--enable-ep-weight-filter"] = "--enable-expert-parallel",
    ["--expert-placement-strategy"] = "--enable-expert-parallel",
    ["--dbo-decode-token-threshold"] = "--enable-dbo", ["--dbo-prefill-token-threshold"] = "--enable-dbo",
  },
  refused_without = {
    ["--enable-auto-tool-choice"] = "--tool-call-parser",  -- entrypoints/openai/cli_args.py, validate_parsed_serve_args
    ["--enable-eplb"] = "--enable-expert-parallel",  -- vllm/config/parallel.py
  },
  -- flag that does nothing beside another one
  useless_beside = {
    ["--cudagraph-capture-sizes"] = "--enforce-eager", ["--cuda-graph-sizes"] = "--enforce-eager",
    ["--max-cudagraph-capture-size"] = "--enforce-eager", ["--max-seq-len-to-capture"] = "--enforce-eager",
    ["--gpu-memory-utilization"] = "--kv-cache-memory-bytes",  -- vllm/v1/worker/gpu_worker.py
  },
}
