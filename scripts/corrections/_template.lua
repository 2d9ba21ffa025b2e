-- What a log taught; `vllm-wizard calibrate LOG` writes such a file. Fields: scripts/README.md, vw.correction.
return vw.correction {
  id = "${id}", summary = "what start-up logs of our cards taught",
  memory_model = "vllm", gpu = "rtx-4090", family = "llama", release = "0.28.0",
  load = { tensor_parallel = 1, pipeline_parallel = 1, max_num_seqs = 256, max_num_batched_tokens = 2048 },
  parts = { activation = { ratio = 1.1, spread_gib = 0.02 } },
  kv_cache_spread_gib = 0.05,
}
