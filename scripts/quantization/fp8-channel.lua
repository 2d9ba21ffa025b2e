local kept, needs = require("_kept"), require("_needs")

return vw.quantization {
  id = "fp8-channel", summary = "8-bit float (e4m3), one scale per output row, activations scaled as they come",
  sources = {
    "vLLM compressed_tensors_w8a8_fp8.py, ptpc_fp8.py: layout from memory",
    "Llama-3.1-70B fp8-dynamic in vLLM start-up logs: 67.72 GiB, and 33.88 at tp 2, exact",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py (its fp8)",
  },
  vllm_names = { "fp8_per_channel", "ptpc_fp8", "compressed-tensors", "modelopt", "torchao", "quark" },
  flag = "fp8_per_channel",
  weights = { bits = 8, scale_bits = 32, per = { rows = 1, inputs = 0 } },
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = needs.fp8_weights, from_16_bit = true,
  accuracy_recovery = require("_recovery").eight_bit,
  recognised_by = {
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "float",
      ["config_groups.*.weights.num_bits"] = 8, ["config_groups.*.weights.strategy"] = "channel" },
    { quant_method = "fp8_per_channel" },
    { quant_method = "ptpc_fp8" },
    { quant_algo = "FP8_PER_CHANNEL_PER_TOKEN" },
    { ["hf_quant_config.quantization.quant_algo"] = "FP8_PER_CHANNEL_PER_TOKEN" },
    { quant_method = "torchao", ["quant_type.default._type"] = "Float8DynamicActivationFloat8WeightConfig" },
    { quant_method = "quark", ["global_quant_config.weight.dtype"] = "fp8_e4m3",
      ["global_quant_config.weight.qscheme"] = "per_channel" },
  },
  compute = "fp8",
  classic_bytes_per_parameter = 1, classic_speed = 1.2,
}
