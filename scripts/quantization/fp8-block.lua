local kept, needs = require("_kept"), require("_needs")

return vw.quantization {
  id = "fp8-block", summary = "8-bit float (e4m3), one scale per block of 128 x 128 (DeepSeek, Qwen FP8)",
  sources = {
    "vLLM quantization/fp8.py: layout from memory",
    "Qwen3-235B-A22B-FP8 at tp 4 in a vLLM start-up log: 55.19 GiB, computed 55.18",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py (its fp8)",
  },
  vllm_names = { "fp8", "fp8_per_block", "compressed-tensors", "modelopt" },
  flag = "fp8_per_block",
  -- Below 8.9 Marlin spreads the scales over the rows: 16 bits per row and 128 inputs, 8.125 bits in all.
  weights = { bits = 8, scale_bits = 32, per = { rows = 128, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = needs.fp8_weights, from_16_bit = true,
  recognised_by = {
    { quant_method = "fp8", weight_block_size = true },
    { quant_method = "fp8_per_block" },
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "float",
      ["config_groups.*.weights.num_bits"] = 8, ["config_groups.*.weights.strategy"] = "block" },
    { quant_algo = "FP8_PB_WO" },
    { ["hf_quant_config.quantization.quant_algo"] = "FP8_PB_WO" },
  },
  compute = "fp8_block",
  classic_bytes_per_parameter = 1, classic_speed = 1.2,
}
