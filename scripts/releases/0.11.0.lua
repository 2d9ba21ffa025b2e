local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.11.0", summary = "full CUDA graphs for decode; V0 is gone",
  sources = { "vllm/config/compilation.py, vllm/v1/worker/gpu_model_runner.py of the period" },
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
    async_scheduling = false,
    cuda_graphs = true,
    cudagraph_mode = "full-and-piecewise",  -- at -O2, the default
    -- cap = min(2 x N, 512); 1, 2, 4 and every 8 up to the cap: 67 at 512; v0.10 or v0.11
    cudagraph_sizes = "by-sequences-eights",
    cudagraph_cap = 512,
    max_model_len_auto = false,
    checkpoint_kv_cache_dtype = false,
  },
  flags = versions.known(flags, "0.11.0"),
  removed_flags = versions.removed(flags, "0.11.0"),
  later_flags = versions.later(flags, "0.11.0"),
  doubtful_flags = versions.doubtful(flags, "0.11.0"),
  flag_syntax = require("_flag_syntax"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.11.0"),
  quantizations = versions.known(names.quantizations, "0.11.0"),
  flag_values = versions.known_values(names.flag_values, "0.11.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e1",
    requested_rounds_up = false,
    snapshot_after_groups = false,
    non_torch_gib = memory.non_torch_with_communicator,
    fused_all_reduce = false,
    graph_estimate = "none",
    graph_estimate_on_rocm = false,
    runner = "v1",
    sampler_path = "sort",
    sampler_bytes_per_logit = { best = 38.4, low = 38.25, high = 38.6 },
    moe_form = "function",
    moe_chunk_tokens = 32768,
    moe_workspace_stays = false,
    encoder_padding = "budget",  -- profile_run of v0.11.0; when it began is not known
    encoder_counts_limits = false,
    encoder_embed_factor = 11,
    qwen2_vl_video_frames = 32,  -- 14 from v0.11.1 on
    qwen3_vl_video_token_factor = 12.5,  -- room for timestamps in the budget; qwen3_vl.py
    hybrid_groups = true,
    hybrid_group_ratio = 1.0,
    in_flight_steps = 1,
    tokens_logged = "pool",
    vocab_padding_with_tp = false,
  },
  metrics = require("_metrics").of("0.11.0"),
}
