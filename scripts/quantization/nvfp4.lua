local kept, needs = require("_kept"), require("_needs")

return vw.quantization {
  id = "nvfp4", summary = "4-bit float (e2m1), fp8 scales per 16 inputs (NVIDIA)",
  sources = {
    "vLLM quantization/modelopt.py: scale tables are padded to 128 rows and 4 columns, not counted here",
    "KV layout: vllm/v1/kv_cache_interface.py, head/2 + head/16 bytes for K and for V",
  },
  vllm_names = { "modelopt_fp4", "modelopt", "compressed-tensors", "petit_nvfp4" },
  weights = { bits = 4, scale_bits = 8, per = { rows = 1, inputs = 16 }, tensor_bits = 64 },  -- + two fp32 globals
  applies_to = "linears",
  -- Builds differ a lot in what else they exclude: their list decides. Without one, as LLM Compressor's examples make
  -- them: linear attention stays in 16 bit (examples/quantization_w4a4_fp4/qwen3_next_example.py, quoted from memory;
  -- RedHatAI/Qwen3.6-35B-A3B-NVFP4 loads 23.45 GiB with MTP, 23.4 counted so).
  keeps_16_bit = kept.states_too,
  needs = needs.fp4_weights, from_16_bit = false,
  recognised_by = {
    { quant_algo = "NVFP4" },
    { quant_algo = "W4A16_NVFP4" },
    { ["hf_quant_config.quantization.quant_algo"] = "NVFP4" },
    { ["hf_quant_config.quantization.quant_algo"] = "W4A16_NVFP4" },
    { ["hf_quant_config.quant_algo"] = "NVFP4" },
    { quant_method = "modelopt_fp4" },
    { quant_method = "compressed-tensors", ["config_groups.*.weights.type"] = "float",
      ["config_groups.*.weights.num_bits"] = 4, ["config_groups.*.weights.group_size"] = 16 },
  },
  compute = "nvfp4",
  classic_bytes_per_parameter = 0.5625,  -- (4 + 8/16) / 8: the classic tables do not know it
  kv = {
    bits = 4, group_bits_per_element = 0.5, vllm_name = "nvfp4",
    needs = { compute_capability = 10.0, reason = "the nvfp4 KV cache is read by Blackwell attention kernels" },
  },
}
