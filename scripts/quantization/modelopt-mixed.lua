local kept = require("_kept")

-- The checkpoint's list `quantized_layers` names the method of each matrix. Families store those listed as FP8 or MXFP8
-- under these formats; what this table describes is the rest, which is NVFP4.
return vw.quantization {
  id = "modelopt-mixed", summary = "NVFP4 beside fp8 or MXFP8, matrix by matrix (NVIDIA ModelOpt)",
  sources = {
    "hf_quant_config.json of nvidia/Qwen3.6-27B-NVFP4, nvidia/Qwen3.6-35B-A3B-NVFP4, nvidia/MiniMax-M3-NVFP4",
  },
  vllm_names = { "modelopt_mixed", "modelopt" },
  weights = { bits = 4, scale_bits = 8, per = { rows = 1, inputs = 16 }, tensor_bits = 64 },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 8.9, reason = "ModelOpt's fp8 layers ask for 8.9" },
  from_16_bit = false,
  recognised_by = {
    { quant_algo = "MIXED_PRECISION" },
    { ["hf_quant_config.quantization.quant_algo"] = "MIXED_PRECISION" },
    { quant_method = "modelopt_mixed" },
  },
  compute = "nvfp4",
  classic_bytes_per_parameter = 0.5625,  -- (4 + 8/16) / 8, the NVFP4 part
}
