local kept = require("_kept")

return vw.quantization {
  id = "fp8-block-nvfp4-experts", summary = "block fp8 with NVFP4 experts (NVIDIA's DeepSeek-V4 builds)",
  sources = { "nvidia/DeepSeek-V4-Flash-NVFP4 config.json and hf_quant_config.json (moe_quant_algo NVFP4, group 16)" },
  vllm_names = { "fp8" },
  weights = { bits = 8, scale_bits = 32, per = { rows = 128, inputs = 128 } },
  experts = { bits = 4, scale_bits = 8, per = { rows = 1, inputs = 16 }, tensor_bits = 64 },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 9.0, reason = "block-fp8 and NVFP4 kernels together; not verified below Hopper" },
  from_16_bit = false,
  recognised_by = { { quant_method = "fp8", weight_block_size = true, moe_quant_algo = "NVFP4" } },
  compute = "nvfp4",
  classic_bytes_per_parameter = 0.5625,  -- the experts: (4 + 8/16) / 8
}
