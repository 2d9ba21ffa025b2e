local flags, names, memory, versions = require("_flags"), require("_names"), require("_memory"), require("_versions")

return vw.release {
  id = "0.8.0", summary = "the V1 engine becomes the default",
  sources = { "vllm/v1/worker/gpu_worker.py and vllm/engine/arg_utils.py of the period, partly as fragments" },
  defaults = {
    gpu_memory_utilization = 0.90,  -- vllm/config.py
    block_tokens = 16,
    max_num_seqs = 256,  -- V1, all cards
    -- vllm serve; at first the large tier went by the names H100 and H200
    max_num_batched_tokens = {
      { least_gib = 0, value = 2048 }, { least_gib = 70, value = 8192, unless_name = "a100" },
    },
    -- the LLM class
    max_num_batched_tokens_offline = {
      { least_gib = 0, value = 8192 }, { least_gib = 70, value = 16384, unless_name = "a100" },
    },
    prefix_caching = true,
    prefix_caching_state_models = false,  -- no start up to v0.25 had it unasked
    chunked_prefill = true,  -- always on in V1
    async_scheduling = false,
    cuda_graphs = true,
    cudagraph_mode = "piecewise",
    cudagraph_sizes = "fixed-512",  -- 1, 2, 4 and every 8 up to 512, whatever N is: 67 sizes
    cudagraph_cap = 512,
    max_model_len_auto = false,
    checkpoint_kv_cache_dtype = false,  -- auto is the model dtype
  },
  flags = versions.known(flags, "0.8.0"),
  removed_flags = versions.removed(flags, "0.8.0"),
  later_flags = versions.later(flags, "0.8.0"),
  doubtful_flags = versions.doubtful(flags, "0.8.0"),
  flag_syntax = require("_flag_syntax"),
  kv_cache_dtypes = versions.known(names.kv_cache_dtypes, "0.8.0"),
  quantizations = versions.known(names.quantizations, "0.8.0"),
  flag_values = versions.known_values(names.flag_values, "0.8.0"),
  mtp_methods = names.mtp_methods,
  architectures = require("_architectures"),
  memory = memory.with {
    era = "e0",  -- total x utilization - torch peak - all else used on the card
    requested_rounds_up = false,  -- plain product
    snapshot_after_groups = false,  -- NCCL and custom all-reduce count as non-torch
    non_torch_gib = memory.whole_card,
    fused_all_reduce = false,
    graph_estimate = "none",
    graph_estimate_on_rocm = false,
    runner = "v1",
    sampler_path = "sort",  -- PyTorch sort; images that ship FlashInfer take the cheaper path
    sampler_bytes_per_logit = { best = 38.4, low = 15.5, high = 38.6 },  -- bytes x N x V; not divided by tp
    moe_form = "function",  -- expert output is one buffer less than in the modular kernels
    moe_chunk_tokens = 32768,  -- VLLM_FUSED_MOE_CHUNK_SIZE; 0: no chunks
    moe_workspace_stays = false,
    encoder_padding = "none",  -- "budget": rows of the whole encoder budget per item; "item": of the largest item
    encoder_counts_limits = false,  -- tokens per item computed for one item
    encoder_embed_factor = 11,  -- hidden sizes alive while position embeddings are interpolated
    qwen2_vl_video_frames = 600,  -- most frames of a dummy video
    qwen3_vl_video_token_factor = 1,  -- Qwen3-VL itself comes with v0.11
    hybrid_groups = false,  -- windows ignored for allocation; groups come by v0.10
    hybrid_group_ratio = 1.0,  -- group size: the largest bucket below this times the smallest, else the smallest
    in_flight_steps = 1,  -- F = T in windows; x concurrent batches later
    tokens_logged = "pool",  -- blocks // groups x block size
    vocab_padding_with_tp = false,  -- multiple of 64
  },
  metrics = require("_metrics").of("0.8.0"),
}
