local kept = require("_kept")

return vw.quantization {
  id = "mxfp4", summary = "4-bit float experts, 8-bit scales per 32 inputs, all else in 16 bit (gpt-oss)",
  sources = {
    "vLLM quantization/mxfp4.py, fused_moe/oracle/mxfp4.py",
    "gpt-oss-20b on A100 in a vLLM start-up log: 13.72 GiB, 13.69 computed",
    "OCP Microscaling Formats (MX) v1.0: blocks of 32, e8m0 scale",
  },
  vllm_names = { "mxfp4", "gpt_oss_mxfp4" },
  -- Expert matrices are padded before they are stored, by kernel and release: releases' memory.mxfp4_padding.
  weights = { bits = 4, scale_bits = 8, per = { rows = 1, inputs = 32 } },
  applies_to = "experts", keeps_16_bit = kept.all_but_experts,
  needs = {
    compute_capability = 8.0, gfx = { "gfx942", "gfx950" },
    reason = "4-bit float matrix units from 10.0 and MI350 on; below, Marlin or Triton unpack to 16 bit",
  },
  from_16_bit = false,
  recognised_by = { { quant_method = "mxfp4" }, { quant_method = "gpt_oss_mxfp4" } },
  compute = "mxfp4_w4a16",  -- Blackwell computes with 8-bit activations: mxfp4_w4a8
  classic_bytes_per_parameter = 0.53125,  -- (4 + 8/32) / 8: the classic tables do not know it
}
