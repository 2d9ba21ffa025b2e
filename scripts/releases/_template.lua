-- What vLLM does from this version on, up to the next file. Fields: scripts/README.md, vw.release.
return vw.release {
  id = "${id}", summary = "what changed in this release",
  sources = { "vLLM ${id}, vllm/engine/arg_utils.py" },
  defaults = {
    gpu_memory_utilization = 0.92, block_tokens = 16,
    max_num_seqs = { { least_gib = 0, value = 256 }, { least_gib = 70, value = 1024, unless_name = "a100" } },
    max_num_batched_tokens = { { least_gib = 0, value = 2048 }, { least_gib = 70, value = 8192, unless_name = "a100" } },
  },
  flags = { "--max-model-len", "--gpu-memory-utilization", "--tensor-parallel-size", "--max-num-seqs" },
  kv_cache_dtypes = { "auto", "fp8" },
  memory = { era = "e3" },
}
