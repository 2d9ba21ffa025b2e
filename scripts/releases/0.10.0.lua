local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.10.0", summary = "memory from snapshot differences, several attention kinds in one cache",
  sources = {
    "vllm/v1/worker/gpu_worker.py @0012cf6, vllm/v1/core/kv_cache_utils.py @bbf906a",
    "26 start-up logs of v0.10 to v0.15",
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
    cudagraph_mode = "piecewise",
    cudagraph_sizes = "fixed-512",
    cudagraph_cap = 512,
    max_model_len_auto = false,
    checkpoint_kv_cache_dtype = false,
  },
  flags = versions.known(flags, "0.10.0"),
  removed_flags = versions.removed(flags, "0.10.0"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.10.0"),
  quantizations = versions.known(names.quantizations, "0.10.0"),
  flag_values = versions.known_values(names.flag_values, "0.10.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e1",  -- requested - weights - torch peak increase - non-torch increase; vllm/utils/mem_utils.py
    requested_rounds_up = false,
    snapshot_after_groups = false,
    non_torch_gib = memory.non_torch_with_communicator,
    fused_all_reduce = false,
    graph_estimate = "none",
    graph_estimate_on_rocm = false,
    runner = "v1",
    sampler_path = "sort",
    sampler_bytes_per_logit = { best = 38.4, low = 15.5, high = 38.6 },
    moe_form = "function",
    moe_chunk_tokens = 32768,
    moe_workspace_stays = false,
    encoder_padding = "none",
    encoder_counts_limits = false,
    encoder_embed_factor = 11,
    qwen2_vl_video_frames = 600,
    qwen3_vl_video_token_factor = 1,
    hybrid_groups = true,  -- get_kv_cache_groups; MedGemma-27B tokens exact
    hybrid_group_ratio = 1.0,
    in_flight_steps = 1,
    tokens_logged = "pool",
    vocab_padding_with_tp = false,
  },
}
