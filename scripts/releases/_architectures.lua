-- Names of config.json that not every release here knows: { name, since = the first release, before = the first
-- without it }. From memory of vLLM's release notes, held against the start-ups of tests/validation; an architecture is
-- named only where its release is well known. Ranges are exact versions, not those of the tables.
-- `refused_dtypes`: vllm/config/model.py (_FLOAT16_NOT_SUPPORTED_MODELS), there by model type; float16 overflows.
local no_fp16 = { "fp16" }

return {
  { name = "DeepseekV32ForCausalLM", since = "0.11.0" },
  { name = "Gemma2ForCausalLM", refused_dtypes = no_fp16 },
  { name = "Gemma3ForCausalLM", since = "0.8.0", refused_dtypes = no_fp16 },
  { name = "Gemma3ForConditionalGeneration", since = "0.8.0", refused_dtypes = no_fp16 },
  { name = "Gemma4ForCausalLM", since = "0.19.0" },
  { name = "Gemma4ForConditionalGeneration", since = "0.19.0" },
  { name = "Glm4ForCausalLM", refused_dtypes = no_fp16 },
  { name = "Glm4MoeForCausalLM", since = "0.10.0" },
  { name = "GptOssForCausalLM", since = "0.10.1" },
  { name = "KimiK25ForConditionalGeneration", since = "0.15.0" },
  { name = "KimiLinearForCausalLM", since = "0.11.1" },
  { name = "Llama4ForCausalLM", since = "0.8.3" },
  { name = "Llama4ForConditionalGeneration", since = "0.8.3" },
  { name = "MiniMaxM2ForCausalLM", since = "0.11.1" },
  { name = "MllamaForConditionalGeneration", before = "0.11.0" },  -- only the V0 engine ran it
  { name = "Plamo2ForCausalLM", refused_dtypes = no_fp16 },
  { name = "Qwen3ForCausalLM", since = "0.8.5" },
  { name = "Qwen3MoeForCausalLM", since = "0.8.5" },
  { name = "Qwen3NextForCausalLM", since = "0.10.2" },
  { name = "Qwen3VLForConditionalGeneration", since = "0.11.0" },
  { name = "Qwen3VLMoeForConditionalGeneration", since = "0.11.0" },
  { name = "Qwen3_5ForCausalLM", since = "0.17.0" },
  { name = "Qwen3_5ForConditionalGeneration", since = "0.17.0" },
  { name = "Qwen3_5MoeForCausalLM", since = "0.17.0" },
  { name = "Qwen3_5MoeForConditionalGeneration", since = "0.17.0" },
  { name = "SeedOssForCausalLM", since = "0.10.2" },
}
