local kept = require("_kept")

return vw.quantization {
  id = "int8", summary = "8-bit integer weights and activations (W8A8), one scale per output row",
  sources = {
    "vLLM compressed_tensors_w8a8_int8.py: layout from memory",
    "RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8 config.json",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py",
  },
  vllm_names = { "compressed-tensors", "quark" },
  weights = { bits = 8, scale_bits = 32, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = { compute_capability = 7.5, reason = "8-bit integer matrix units from Turing on" },
  accuracy_recovery = require("_recovery").eight_bit,
  from_16_bit = false,
  recognised_by = {
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "int",
      ["config_groups.*.weights.num_bits"] = 8, ["config_groups.*.input_activations.num_bits"] = 8 },
    { quant_method = "quark", ["global_quant_config.weight.dtype"] = "int8" },
  },
  compute = "fp8",  -- no int8 record was measured; the peak rates are equal
  classic_bytes_per_parameter = 1, classic_speed = 1.15,
}
