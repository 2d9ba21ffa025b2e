local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.26.0", summary = "memory from the difference of free memory",
  sources = { "vllm/v1/worker/gpu_worker.py as logged by v0.26 to v0.29", "five start-up logs of v0.26" },
  defaults = {
    gpu_memory_utilization = 0.92,
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
    checkpoint_kv_cache_dtype = true,
    cudagraph_cap_gpt_oss = 1024,
  },
  flags = versions.known(flags, "0.26.0"),
  removed_flags = versions.removed(flags, "0.26.0"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.26.0"),
  quantizations = versions.known(names.quantizations, "0.26.0"),
  flag_values = names.flag_values,
  memory = memory.with {
    era = "e3",  -- requested - consumed - transient peak; log says "consumed memory"
    requested_rounds_up = true,
    snapshot_after_groups = true,
    non_torch_gib = memory.consumed_extra,
    fused_all_reduce = true,
    graph_estimate = "default",
    graph_estimate_on_rocm = true,
    runner = "v2-for-listed",
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
    hybrid_group_ratio = 1.5,
    in_flight_steps = 2,  -- with asynchronous scheduling and pp 1; v0.25.1 still 1, no log tests it
    tokens_logged = "concurrency",
    vocab_padding_with_tp = false,
    v2_architectures = { "LlamaForCausalLM", "MistralForCausalLM", "Qwen3ForCausalLM" },
    v2_profiles_encoder = true,  -- profile_mm_embed_input_ids in the newest tree
    v2_sampler_bytes_per_logit = { best = 6.0, low = 2.0, high = 14.0 },
    v2_forward_hidden_factor = 1,
  },
}
