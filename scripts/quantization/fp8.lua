local kept, needs = require("_kept"), require("_needs")

return vw.quantization {
  id = "fp8", summary = "8-bit float (e4m3), one scale per matrix, also made on the fly",
  sources = {
    "vLLM quantization/fp8.py, modelopt.py, compressed_tensors: layout from memory",
    "load sizes of fp8 checkpoints in vLLM start-up logs, within 0.4 %",
    "classic_bytes_per_parameter, classic_speed: vashkelis/vllm-wizard planning/memory.py, perf.py",
  },
  vllm_names = { "fp8", "fp8_per_tensor", "modelopt", "compressed-tensors", "quark" },
  flag = "fp8",
  weights = { bits = 8, scale_bits = 32, per = { rows = 0, inputs = 0 }, tensor_bits = 32 },  -- + the input scale
  applies_to = "linears", keeps_16_bit = kept.usual,
  needs = needs.fp8_weights,  -- ModelOpt's own fp8 loader asks for 8.9
  from_16_bit = true,
  recognised_by = {
    { quant_method = "fp8" },
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "float",
      ["config_groups.*.weights.num_bits"] = 8, ["config_groups.*.weights.strategy"] = "tensor" },
    { quant_algo = "FP8" },
    { ["hf_quant_config.quantization.quant_algo"] = "FP8" },
    { ["hf_quant_config.quant_algo"] = "FP8" },
    { quant_method = "quark", ["global_quant_config.weight.dtype"] = "fp8_e4m3" },
  },
  compute = "fp8",
  classic_bytes_per_parameter = 1, classic_speed = 1.2,
  kv = { bits = 8, vllm_name = "fp8", needs = needs.fp8_kv },
}
