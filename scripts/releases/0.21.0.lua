local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.21.0", summary = "utilization 0.92, graph estimate on by default, concurrency times length as logged tokens",
  sources = {
    "vllm/config/cache.py, vllm/envs.py, vllm/v1/core/kv_cache_utils.py; log text \"default since v0.21.0\"",
  },
  defaults = {
    gpu_memory_utilization = 0.92,  -- 0.90 up to v0.20
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
    checkpoint_kv_cache_dtype = true,  -- auto follows the checkpoint's declared KV dtype; cut point not known
    cudagraph_cap_gpt_oss = 1024,
  },
  flags = versions.known(flags, "0.21.0"),
  removed_flags = versions.removed(flags, "0.21.0"),
  later_flags = versions.later(flags, "0.21.0"),
  doubtful_flags = versions.doubtful(flags, "0.21.0"),
  flag_syntax = require("_flag_syntax"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.21.0"),
  quantizations = versions.known(names.quantizations, "0.21.0"),
  flag_values = versions.known_values(names.flag_values, "0.21.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e2",
    requested_rounds_up = true,
    snapshot_after_groups = true,
    non_torch_gib = memory.non_torch,
    fused_all_reduce = true,
    graph_estimate = "default",  -- VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS=1 unless set to 0
    graph_estimate_on_rocm = false,
    runner = "v1",
    sampler_path = "fused",
    sampler_bytes_per_logit = { best = 15.5, low = 14.0, high = 17.0 },
    moe_form = "modular",
    moe_chunk_tokens = 0,
    moe_workspace_stays = true,
    encoder_padding = "none",
    encoder_counts_limits = true,
    encoder_embed_factor = 3,
    qwen2_vl_video_frames = 14,
    qwen3_vl_video_token_factor = 1,
    hybrid_groups = true,
    hybrid_group_ratio = 1.5,  -- for draft layers; cut point not known
    in_flight_steps = 1,
    tokens_logged = "concurrency",  -- int(concurrency x max_model_len)
    vocab_padding_with_tp = false,
  },
  metrics = require("_metrics").of("0.21.0"),
}
