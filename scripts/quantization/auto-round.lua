local kept = require("_kept")

return vw.quantization {
  id = "auto-round", summary = "4-bit integer weights, symmetric, groups of 128 (Intel AutoRound)",
  sources = { "vLLM quantization/inc.py (auto_round.py before): loads them as GPTQ or AWQ; layout from memory" },
  vllm_names = { "inc", "auto-round" },
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.0, reason = "the plain GPTQ kernel runs wherever vLLM does; Marlin from 8.0 on" },
  from_16_bit = false,
  recognised_by = { { quant_method = "auto-round", bits = 4 }, { quant_method = "inc", bits = 4 } },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.515625,  -- (4 + 16/128) / 8
}
