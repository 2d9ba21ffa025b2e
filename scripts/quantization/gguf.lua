local kept = require("_kept")

return vw.quantization {
  id = "gguf", summary = "blocks of a GGUF file, kept as they are (newest vLLM: through a plugin)",
  sources = { "ggml-common.h: sizes of the block structs; vLLM quantization/gguf.py" },
  vllm_names = { "gguf" },
  -- Q4_K, for when only the name is known: 12 bytes of 6-bit scales and minima and two fp16 for 256 weights, half a
  -- bit each.
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 32 } },
  blocks = {
    F64 = { weights = 1, bytes = 8 }, F32 = { weights = 1, bytes = 4 }, F16 = { weights = 1, bytes = 2 },
    BF16 = { weights = 1, bytes = 2 }, I8 = { weights = 1, bytes = 1 }, I16 = { weights = 1, bytes = 2 },
    I32 = { weights = 1, bytes = 4 }, I64 = { weights = 1, bytes = 8 },
    Q4_0 = { weights = 32, bytes = 18 }, Q4_1 = { weights = 32, bytes = 20 },
    Q5_0 = { weights = 32, bytes = 22 }, Q5_1 = { weights = 32, bytes = 24 },
    Q8_0 = { weights = 32, bytes = 34 }, Q8_1 = { weights = 32, bytes = 36 },
    Q2_K = { weights = 256, bytes = 84 }, Q3_K = { weights = 256, bytes = 110 }, Q4_K = { weights = 256, bytes = 144 },
    Q5_K = { weights = 256, bytes = 176 }, Q6_K = { weights = 256, bytes = 210 }, Q8_K = { weights = 256, bytes = 292 },
    IQ1_S = { weights = 256, bytes = 50 }, IQ1_M = { weights = 256, bytes = 56 },
    IQ2_XXS = { weights = 256, bytes = 66 }, IQ2_XS = { weights = 256, bytes = 74 },
    IQ2_S = { weights = 256, bytes = 82 },
    IQ3_XXS = { weights = 256, bytes = 98 }, IQ3_S = { weights = 256, bytes = 110 },
    IQ4_NL = { weights = 32, bytes = 18 }, IQ4_XS = { weights = 256, bytes = 136 },
    TQ1_0 = { weights = 256, bytes = 54 }, TQ2_0 = { weights = 256, bytes = 66 },
    MXFP4 = { weights = 32, bytes = 17 },
  },
  applies_to = "all", keeps_16_bit = kept.small_ones,
  needs = { compute_capability = 7.0, reason = "its kernels run wherever vLLM does" },
  from_16_bit = false,
  recognised_by = { { quant_method = "gguf" } },
  compute = "int4_weight_only",
  classic_bytes_per_parameter = 0.5625,  -- Q4_K, 144 / 256
}
