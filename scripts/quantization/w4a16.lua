local kept = require("_kept")

return vw.quantization {
  id = "w4a16", summary = "4-bit integer weights, symmetric, groups of 128 (compressed-tensors)",
  sources = {
    "vLLM compressed_tensors_wNa16.py: layout from memory",
    "Qwen3-30B-A3B W4A16 in a vLLM start-up log, within 0.05 %",
  },
  vllm_names = { "compressed-tensors" },
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "the loader asks for Turing; Marlin, the fast kernel, for 8.0" },
  accuracy_recovery = require("_recovery").four_bit,
  from_16_bit = false,
  recognised_by = {
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "int",
      ["config_groups.*.weights.num_bits"] = 4 },
  },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.515625,  -- (4 + 16/128) / 8: the classic tables do not know it
}
