local kept = require("_kept")

return vw.quantization {
  id = "bitsandbytes", summary = "4-bit NF4 or FP4, one scale per 64 weights, also made on the fly",
  sources = { "vLLM quantization/bitsandbytes.py, from memory: scales are fp32 once loaded, doubly quantized or not" },
  vllm_names = { "bitsandbytes" }, aliases = { "bitsandbytes-nf4", "bnb" },
  flag = "bitsandbytes",
  weights = { bits = 4, scale_bits = 32, per = { rows = 1, inputs = 64 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.0, reason = "its kernels run wherever vLLM does" },
  from_16_bit = true,
  recognised_by = {
    { quant_method = "bitsandbytes" },
    { quant_method = "bitsandbytes", load_in_4bit = true, load_in_8bit = false },
    { quant_method = "bitsandbytes", load_in_4bit = true, bnb_4bit_quant_type = true },
  },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.5625,  -- (4 + 32/64) / 8: the classic tables do not know it
}
