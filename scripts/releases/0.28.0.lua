local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.28.0", summary = "16,384 tokens a step from 160 GiB on, more graphs on Blackwell",
  sources = { "vllm/engine/arg_utils.py, get_batch_defaults; vllm-project/vllm#49390" },
  latest = "0.31",  -- no change is known between
  defaults = {
    gpu_memory_utilization = 0.92,
    block_tokens = 16,
    max_num_seqs = {
      { least_gib = 0, value = 256 }, { least_gib = 70, value = 1024, unless_name = "a100" },
    },
    -- the 160 GiB tier: B200, B300, MI300X; not in v0.27.1
    max_num_batched_tokens = {
      { least_gib = 0, value = 2048 }, { least_gib = 70, value = 8192, unless_name = "a100" },
      { least_gib = 160, value = 16384 },
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
    cudagraph_cap_blackwell = 1024,  -- 83 sizes; vllm-project/vllm#49390
  },
  flags = versions.known(flags, "0.28.0"),
  removed_flags = versions.removed(flags, "0.28.0"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.28.0"),
  quantizations = versions.known(names.quantizations, "0.28.0"),
  flag_values = versions.known_values(names.flag_values, "0.28.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e3",
    requested_rounds_up = true,
    snapshot_after_groups = true,
    non_torch_gib = memory.consumed_extra,
    fused_all_reduce = true,
    graph_estimate = "default",
    graph_estimate_on_rocm = true,
    runner = "v2",
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
    gemma4_chunks_frames = true,  -- models/gemma4_mm.py, newest tree; frame by frame in v0.25.1 by its logs
    hybrid_groups = true,
    hybrid_group_ratio = 1.5,
    in_flight_steps = 2,
    tokens_logged = "concurrency",
    vocab_padding_with_tp = true,  -- least common multiple of 64 and tp; seen in an image of August 2026
    v2_architectures = { "LlamaForCausalLM", "MistralForCausalLM", "Qwen3ForCausalLM" },
    v2_profiles_encoder = true,
    v2_sampler_bytes_per_logit = { best = 6.0, low = 2.0, high = 14.0 },
    v2_forward_hidden_factor = 1,
  },
  metrics = require("_metrics").of("0.28.0"),
}
