-- Values of --kv-cache-dtype and --quantization. Sources: vllm/config/cache.py (CacheDType) as read for v0.9, v0.10,
-- early 2026 and the newest tree; QUANTIZATION_METHODS of the newest tree, older ones from memory. Where the release in
-- between is not known, the later one stands. Methods that are deprecated or for one exotic device are left out.
local names = {}

names.kv_cache_dtypes = {
  "auto", "fp8", "fp8_e4m3", "fp8_e5m2",
  { "fp8_inc", since = "0.10.0" }, { "bfloat16", since = "0.14.0" }, { "fp8_ds_mla", since = "0.14.0" },
  { "float16", since = "0.26.0" }, { "nvfp4", since = "0.26.0" }, { "int8_per_token_head", since = "0.26.0" },
  { "fp8_per_token_head", since = "0.26.0" }, { "int4_per_token_head", since = "0.26.0" },
  { "turboquant_k8v4", since = "0.26.0" }, { "turboquant_4bit_nc", since = "0.26.0" },
  { "turboquant_k3v4_nc", since = "0.26.0" }, { "turboquant_3bit_nc", since = "0.26.0" },
  { "nvfp4_ds_mla", since = "0.28.0" }, { "nvfp4_4over6", since = "0.28.0" },
}

-- Flags that take one of few values: vllm/config/cache.py (BlockSize) and vllm/config/lora.py (MaxLoRARanks), both from
-- memory; the sizes beyond those of a release were added at a version that is not known, so that all of them stand.
names.flag_values = {
  ["--block-size"] = { "1", "8", "16", "32", "64", "128", "256" },
  ["--max-lora-rank"] = { "1", "8", "16", "32", "64", "128", "256", "320", "512" },
}

names.quantizations = {
  "awq", "awq_marlin", "gptq", "gptq_marlin", "fp8", "compressed-tensors", "bitsandbytes", "gguf", "experts_int8",
  "modelopt", "moe_wna16", "quark",
  { "fbgemm_fp8", before = "0.26.0" }, { "ptpc_fp8", before = "0.26.0" },
  { "modelopt_fp4", since = "0.9.1" }, { "torchao", since = "0.9.1" },
  { "auto-round", since = "0.9.1", before = "0.26.0" }, { "mxfp4", since = "0.10.2" },
  { "petit_nvfp4", since = "0.10.2", before = "0.26.0" }, { "inc", since = "0.12.0" },
  { "auto_awq", since = "0.26.0" }, { "auto_gptq", since = "0.26.0" }, { "modelopt_mxfp8", since = "0.26.0" },
  { "modelopt_mixed", since = "0.26.0" }, { "gpt_oss_mxfp4", since = "0.26.0" },
  { "deepseek_v4_fp8", since = "0.26.0" }, { "online", since = "0.26.0" }, { "fp8_per_tensor", since = "0.26.0" },
  { "fp8_per_block", since = "0.26.0" }, { "fp8_per_channel", since = "0.26.0" },
  { "int8_per_channel_weight_only", since = "0.26.0" }, { "nvfp4_per_token", since = "0.26.0" },
  { "mxfp8", since = "0.26.0" },
}

return names
