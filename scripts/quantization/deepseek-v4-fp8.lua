local kept = require("_kept")

-- DeepSeek-V4's quantization_config is that of a plain block-fp8 checkpoint; only `expert_dtype` beside it tells, so a
-- family names this format itself.
return vw.quantization {
  id = "deepseek-v4-fp8", summary = "block fp8 with MXFP4 experts (DeepSeek-V4)",
  sources = {
    "deepseek-ai/DeepSeek-V4-Flash config.json (expert_dtype fp4, blocks of 128 x 128)",
    "name: vllm/engine/arg_utils.py, newest",
  },
  vllm_names = { "deepseek_v4_fp8" },
  weights = { bits = 8, scale_bits = 32, per = { rows = 128, inputs = 128 } },
  experts = { bits = 4, scale_bits = 8, per = { rows = 1, inputs = 32 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = {
    compute_capability = 9.0, gfx = { "gfx942", "gfx950" },
    reason = "block-fp8 and MXFP4 kernels together; not verified below Hopper",
  },
  from_16_bit = false,
  recognised_by = { { quant_method = "deepseek_v4_fp8" } },
  compute = "fp8_block",
  classic_bytes_per_parameter = 0.53125,  -- the experts, nearly all of the model: (4 + 8/32) / 8
}
