local kept = require("_kept")

return vw.quantization {
  id = "bitsandbytes-int8", summary = "8-bit integer, one scale per output row (LLM.int8() checkpoints)",
  sources = { "vLLM quantization/bitsandbytes.py: layout from memory" },
  vllm_names = { "bitsandbytes" },
  weights = { bits = 8, scale_bits = 32, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "8-bit integer matrix units from Turing on" },
  from_16_bit = false,  -- on the fly vLLM makes only the 4-bit kind
  recognised_by = {
    { quant_method = "bitsandbytes", load_in_4bit = false },
    { quant_method = "bitsandbytes", load_in_8bit = true },
  },
  compute = "bf16",
  classic_bytes_per_parameter = 1,
}
