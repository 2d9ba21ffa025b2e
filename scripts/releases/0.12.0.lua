local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.12.0", summary = "capture sizes follow max_num_seqs, modular expert kernels",
  sources = {
    "vllm/config/vllm.py, _set_cudagraph_sizes",
    "start-up logs of Qwen3-30B-A3B and Qwen3-VL-30B at v0.12.0",
  },
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
    cudagraph_mode = "full-and-piecewise",
    -- cap = min(2 x N x (1 + speculated), 512); 1, 2, 4, every 8 below 256, every 16 up to the cap: 51 at 512
    cudagraph_sizes = "by-sequences",
    cudagraph_cap = 512,
    max_model_len_auto = false,
    checkpoint_kv_cache_dtype = false,
    cudagraph_cap_gpt_oss = 1024,  -- gpt-oss raises it itself; since when is not known
  },
  flags = versions.known(flags, "0.12.0"),
  removed_flags = versions.removed(flags, "0.12.0"),
  later_flags = versions.later(flags, "0.12.0"),
  doubtful_flags = versions.doubtful(flags, "0.12.0"),
  flag_syntax = require("_flag_syntax"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.12.0"),
  quantizations = versions.known(names.quantizations, "0.12.0"),
  flag_values = versions.known_values(names.flag_values, "0.12.0"),
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
    moe_form = "modular",  -- output shares the smaller buffer; 1.12 GiB logged, 1.16 computed, 0.96 by the older form
    moe_chunk_tokens = 16384,  -- VLLM_FUSED_MOE_CHUNK_SIZE
    moe_workspace_stays = false,
    encoder_padding = "item",  -- fixed by vllm-project/vllm#29386; Qwen3-VL-30B: 3.80 GiB logged, 3.84 computed
    encoder_counts_limits = false,
    encoder_embed_factor = 11,
    qwen2_vl_video_frames = 14,  -- from v0.11.1 on
    qwen3_vl_video_token_factor = 12.5,
    hybrid_groups = true,
    hybrid_group_ratio = 1.0,
    in_flight_steps = 1,
    tokens_logged = "pool",
    vocab_padding_with_tp = false,
  },
  metrics = require("_metrics").of("0.12.0"),
}
