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

-- Flags that take one of few values, all from memory. Sizes beyond those of a release were added at a version that is not
-- known, so that all of them stand.
--   --block-size: vllm/config/cache.py (BlockSize). Its parser takes 1 and 8 as well, but every attention backend for
--     CUDA wants multiples of 16 (get_supported_block_size), so that no server starts with them.
--   --max-lora-rank: vllm/config/lora.py (MaxLoRARanks).
--   --spec-method: vllm/config/speculative.py (SpeculativeMethod), also as the method of --speculative-config. Rounded up
--     to a release that surely runs it: draft models ran in the V0 engine, and in V1 only from about 0.12 on.
names.flag_values = {
  ["--block-size"] = { "16", "32", "64", "128", "256" },
  ["--max-lora-rank"] = { "1", "8", "16", "32", "64", "128", "256", "320", "512" },
  ["--spec-method"] = {
    "ngram", "eagle", { "eagle3", since = "0.9.1" }, { "draft_model", before = "0.9.1" },
    { "draft_model", since = "0.12.0" }, { "suffix", since = "0.12.0" }, { "mtp", since = "0.11.0" },
    { "deepseek_mtp", before = "0.11.0" }, { "mimo_mtp", since = "0.9.1", before = "0.11.0" },
    { "glm4_moe_mtp", since = "0.10.0", before = "0.11.0" }, { "ernie_mtp", since = "0.10.2", before = "0.11.0" },
    { "qwen3_next_mtp", since = "0.10.2", before = "0.11.0" },
  },
}

-- What "mtp" was called before it was one name, by architecture.
names.mtp_methods = {
  DeepseekV3ForCausalLM = "deepseek_mtp", MiMoForCausalLM = "mimo_mtp", Glm4MoeForCausalLM = "glm4_moe_mtp",
  Ernie4_5_MoeForCausalLM = "ernie_mtp", Qwen3NextForCausalLM = "qwen3_next_mtp",
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
