-- Quantized checkpoints that others publish of a model in the catalogue: "organisation/model", both in lower case and
-- without the ending that names the storage, to { id, quantization, format }. `format` is the id of the exact format
-- that it declares: a method like compressed-tensors stands for several.
return {
  ["bigcode/starcoder2-15b"] = { { "TechxGenus/starcoder2-15b-GPTQ", "gptq-int4", "gptq" } },
  ["cohereforai/c4ai-command-r-v01"] = { { "TechxGenus/c4ai-command-r-v01-AWQ", "awq", "awq" } },
  ["databricks/dbrx-instruct"] = { { "amd/dbrx-instruct-FP8-KV", "fp8", "fp8" } },
  ["deepseek-ai/deepseek-coder-33b-instruct"] = {
    { "TheBloke/deepseek-coder-33B-instruct-AWQ", "awq", "awq" },
    { "TheBloke/deepseek-coder-33B-instruct-GPTQ", "gptq-int4", "gptq-channel" },
  },
  ["deepseek-ai/deepseek-r1-distill-qwen-7b"] = {
    { "unsloth/DeepSeek-R1-Distill-Qwen-7B-bnb-4bit", "bitsandbytes", "bitsandbytes" },
  },
  ["deepseek-ai/deepseek-v3.1"] = { { "nvidia/DeepSeek-V3.1-NVFP4", "nvfp4", "nvfp4" } },
  ["deepseek-ai/deepseek-v3.2"] = { { "nvidia/DeepSeek-V3.2-NVFP4", "nvfp4", "nvfp4" } },
  ["deepseek-ai/deepseek-v4-flash"] = {
    { "nvidia/DeepSeek-V4-Flash-NVFP4", "mixed-precision", "fp8-block-nvfp4-experts" },
  },
  ["deepseek-ai/deepseek-v4-pro"] = {
    { "nvidia/DeepSeek-V4-Pro-NVFP4", "mixed-precision", "fp8-block-nvfp4-experts" },
  },
  ["google/gemma-4-26b-a4b"] = { { "nvidia/Gemma-4-26B-A4B-NVFP4", "nvfp4", "nvfp4" } },
  ["google/gemma-4-31b-it"] = { { "nvidia/Gemma-4-31B-IT-NVFP4", "nvfp4", "nvfp4" } },
  ["huggyllama/llama-7b"] = { { "TheBloke/LLaMA-7b-AWQ", "awq", "awq" } },
  ["meta-llama/llama-2-70b-chat-hf"] = { { "TheBloke/Llama-2-70B-Chat-AWQ", "awq", "awq" } },
  ["meta-llama/llama-2-70b-hf"] = { { "TheBloke/Llama-2-70B-AWQ", "awq", "awq" } },
  ["meta-llama/llama-2-7b-chat-hf"] = { { "TheBloke/Llama-2-7B-Chat-GPTQ", "gptq-int4", "gptq" } },
  ["meta-llama/llama-2-7b-hf"] = { { "TheBloke/Llama-2-7B-AWQ", "awq", "awq" } },
  ["meta-llama/llama-3.1-70b-instruct"] = {
    { "hugging-quants/Meta-Llama-3.1-70B-Instruct-AWQ-INT4", "awq", "awq" },
    { "nvidia/Llama-3.1-70B-Instruct-FP8", "fp8", "fp8" },
  },
  ["meta-llama/llama-3.1-8b-instruct"] = {
    { "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4", "awq", "awq" },
    { "neuralmagic/Meta-Llama-3.1-8B-Instruct-FP8", "compressed-tensors", "fp8" },
    { "RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8", "compressed-tensors", "fp8" },
  },
  ["meta-llama/llama-3.3-70b-instruct"] = { { "casperhansen/llama-3.3-70b-instruct-awq", "awq", "awq" } },
  ["meta-llama/meta-llama-3-70b-instruct"] = { { "casperhansen/llama-3-70b-instruct-awq", "awq", "awq" } },
  ["meta-llama/meta-llama-3-8b-instruct"] = { { "casperhansen/llama-3-8b-instruct-awq", "awq", "awq" } },
  ["minimaxai/minimax-m2.5"] = { { "nvidia/MiniMax-M2.5-NVFP4", "nvfp4", "nvfp4" } },
  ["minimaxai/minimax-m2.7"] = { { "nvidia/MiniMax-M2.7-NVFP4", "nvfp4", "nvfp4" } },
  ["minimaxai/minimax-m3"] = { { "nvidia/MiniMax-M3-NVFP4", "mixed-precision", "modelopt-mixed" } },
  ["mistralai/mistral-7b-instruct-v0.2"] = {
    { "TheBloke/Mistral-7B-Instruct-v0.2-AWQ", "awq", "awq" },
    { "TheBloke/Mistral-7B-Instruct-v0.2-GPTQ", "gptq-int4", "gptq" },
  },
  ["mistralai/mistral-7b-instruct-v0.3"] = { { "neuralmagic/Mistral-7B-Instruct-v0.3-FP8", "fp8", "fp8" } },
  ["mistralai/mistral-7b-v0.1"] = { { "TheBloke/Mistral-7B-v0.1-AWQ", "awq", "awq" } },
  ["mistralai/mistral-nemo-instruct-2407"] = { { "casperhansen/mistral-nemo-instruct-2407-awq", "awq", "awq" } },
  ["mistralai/mistral-small-24b-instruct-2501"] = {
    { "stelterlab/Mistral-Small-24B-Instruct-2501-AWQ", "awq", "awq" },
  },
  ["mistralai/mixtral-8x7b-instruct-v0.1"] = { { "hugging-quants/Mixtral-8x7B-Instruct-v0.1-AWQ-INT4", "awq", "awq" } },
  ["moonshotai/kimi-k2.5"] = { { "nvidia/Kimi-K2.5-NVFP4", "nvfp4", "nvfp4" } },
  ["qwen/qwen2.5-7b"] = { { "neuralmagic/Qwen2.5-7B-FP8-dynamic", "compressed-tensors", "fp8-channel" } },
  ["qwen/qwen2.5-7b-instruct"] = { { "RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8", "compressed-tensors", "int8" } },
  ["qwen/qwen3-235b-a22b"] = { { "nvidia/Qwen3-235B-A22B-NVFP4", "nvfp4", "nvfp4" } },
  ["qwen/qwen3.5-122b-a10b"] = { { "nvidia/Qwen3.5-122B-A10B-NVFP4", "nvfp4", "nvfp4" } },
  ["qwen/qwen3.5-397b-a17b"] = { { "nvidia/Qwen3.5-397B-A17B-NVFP4", "nvfp4", "nvfp4" } },
  ["qwen/qwen3.6-27b"] = { { "nvidia/Qwen3.6-27B-NVFP4", "mixed-precision", "modelopt-mixed" } },
  ["qwen/qwen3.6-35b-a3b"] = { { "nvidia/Qwen3.6-35B-A3B-NVFP4", "mixed-precision", "modelopt-mixed" } },
  ["zai-org/glm-5"] = { { "nvidia/GLM-5-NVFP4", "nvfp4", "nvfp4" } },
  ["zai-org/glm-5.1"] = { { "nvidia/GLM-5.1-NVFP4", "nvfp4", "nvfp4" } },
  ["zai-org/glm-5.2"] = { { "nvidia/GLM-5.2-NVFP4", "nvfp4", "nvfp4" } },
}
