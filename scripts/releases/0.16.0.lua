local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.16.0", summary = "a CUDA graph estimate on request, cheap sampler everywhere",
  sources = { "vllm/utils/mem_utils.py @a6d5c39", "start-up logs of v0.17 to v0.25" },
  defaults = {
    gpu_memory_utilization = 0.90,
    block_tokens = 16,
    max_num_seqs = {
      { least_gib = 0, value = 256 }, { least_gib = 70, value = 1024, unless_name = "a100" },
    },
    max_num_batched_tokens = {
      { least_gib = 0, value = 2048 }, { least_gib = 70, value = 8192, unless_name = "a100" },
    },
    max_num_batched_tokens_offline = {
      { least_gib = 0, value = 8192 }, { least_gib = 70, value = 16384, unless_name = "a100" },
    },
    prefix_caching = true,
    prefix_caching_state_models = false,
    chunked_prefill = true,
    async_scheduling = true,
    cuda_graphs = true,
    cudagraph_mode = "full-and-piecewise",
    cudagraph_sizes = "by-sequences",
    cudagraph_cap = 512,
    max_model_len_auto = true,
    checkpoint_kv_cache_dtype = false,
    cudagraph_cap_gpt_oss = 1024,
  },
  flags = versions.known(flags, "0.16.0"),
  removed_flags = versions.removed(flags, "0.16.0"),
  later_flags = versions.later(flags, "0.16.0"),
  doubtful_flags = versions.doubtful(flags, "0.16.0"),
  flag_syntax = require("_flag_syntax"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.16.0"),
  quantizations = versions.known(names.quantizations, "0.16.0"),
  flag_values = versions.known_values(names.flag_values, "0.16.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e2",  -- as before, minus the estimate of the graphs if it is switched on
    requested_rounds_up = true,  -- ceil(total x utilization)
    snapshot_after_groups = true,
    non_torch_gib = memory.non_torch,
    fused_all_reduce = true,  -- FlashInfer all-reduce and norm fusion at -O2
    graph_estimate = "opt-in",  -- VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS=1
    graph_estimate_on_rocm = false,
    runner = "v1",
    sampler_path = "fused",  -- Triton or FlashInfer top-k and top-p, one cost
    -- Qwen2.5-3B and Llama-3.1-8B at v0.17.1 within 0.02 GiB
    sampler_bytes_per_logit = { best = 15.5, low = 14.0, high = 17.0 },
    moe_form = "modular",
    moe_chunk_tokens = 0,  -- one chunk always
    moe_workspace_stays = true,
    encoder_padding = "none",  -- outputs stay as they are; v0.15 or v0.16
    -- tokens per item computed with the limits as counts; vllm/multimodal/encoder_budget.py
    encoder_counts_limits = true,
    encoder_embed_factor = 11,
    qwen2_vl_video_frames = 14,
    qwen3_vl_video_token_factor = 1,  -- video dummy is an image pair
    hybrid_groups = true,
    hybrid_group_ratio = 1.25,
    in_flight_steps = 1,
    tokens_logged = "pool",
    vocab_padding_with_tp = false,
  },
  metrics = require("_metrics").of("0.16.0"),
}
