local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.14.0", summary = "asynchronous scheduling by default, --max-model-len auto",
  sources = { "vllm/config/scheduler.py; cut points within one release" },
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
    async_scheduling = true,  -- where the runner supports it; v0.12 to v0.14
    cuda_graphs = true,
    cudagraph_mode = "full-and-piecewise",
    cudagraph_sizes = "by-sequences",
    cudagraph_cap = 512,
    max_model_len_auto = true,  -- -1 or auto: fitted to memory
    checkpoint_kv_cache_dtype = false,
    cudagraph_cap_gpt_oss = 1024,
  },
  flags = versions.known(flags, "0.14.0"),
  removed_flags = versions.removed(flags, "0.14.0"),
  later_flags = versions.later(flags, "0.14.0"),
  doubtful_flags = versions.doubtful(flags, "0.14.0"),
  flag_syntax = require("_flag_syntax"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.14.0"),
  quantizations = versions.known(names.quantizations, "0.14.0"),
  flag_values = versions.known_values(names.flag_values, "0.14.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e1",
    -- vllm/v1/core/kv_cache_utils.py, get_kv_cache_configs: the least memory against the groups of all workers, as in
    -- vllm-project/vllm#34076 (3.18 GiB of a stage with 16 layers, held against 48); by stage before and after
    checks_all_layers = true,
    requested_rounds_up = false,
    snapshot_after_groups = true,
    non_torch_gib = memory.non_torch,
    fused_all_reduce = false,
    graph_estimate = "none",
    graph_estimate_on_rocm = false,
    runner = "v1",
    sampler_path = "sort",
    sampler_bytes_per_logit = { best = 38.4, low = 38.25, high = 38.6 },
    moe_form = "modular",
    moe_chunk_tokens = 16384,
    moe_workspace_stays = true,  -- vllm/v1/worker/workspace.py; not yet at v0.12.0, there at v0.19; v0.13 to v0.15
    encoder_padding = "item",
    encoder_counts_limits = false,
    encoder_embed_factor = 11,
    qwen2_vl_video_frames = 14,
    qwen3_vl_video_token_factor = 12.5,
    hybrid_groups = true,
    hybrid_group_ratio = 1.25,  -- 1.0 in 2025; cut point not known
    in_flight_steps = 1,
    tokens_logged = "pool",
    vocab_padding_with_tp = false,
  },
  metrics = require("_metrics").of("0.14.0"),
}
