-- Which tensors tell which number format: one row per way to store a matrix, the first that holds wins. Used by
-- _tensors.lua. Sources: vllm/model_executor/layers/quantization/*.py (create_weights) and the writers of the files
-- (compressed-tensors, AutoGPTQ, AutoAWQ, ModelOpt, bitsandbytes).
--   main      the tensor that holds the numbers (words of _names.lua), in one of these dtypes
--   values    numbers in one element of it
--   with      another tensor that must be there
--   scale     the tensor of scales, and what shares one: per = "tensor", "row", a number of inputs, "group" (any)
--   packed    "inputs" or "outputs": along which integers are packed into words
--   formats   what it may be; the first unless the checkpoint's config names another of them. experts: only for experts
local FP8 = { "F8_E4M3", "F8_E4M3FNUZ", "F8_E5M2" }
local WORDS, BYTES = { "I32" }, { "U8", "I8" }
local GPTQ = { "gptq", "gptq-asym", "gptq-channel", "auto-round" }

return {
  { main = "weight_packed", dtypes = WORDS, values = 8, with = "weight_zero_point", scale = "weight_scale",
    per = "group", formats = { "w4a16-asym", "w4a16-channel" } },
  { main = "weight_packed", dtypes = WORDS, values = 8, scale = "weight_scale", per = "row",
    formats = { "w4a16-channel" } },
  { main = "weight_packed", dtypes = WORDS, values = 8, scale = "weight_scale", per = "group", formats = { "w4a16" } },
  { main = "weight_packed", dtypes = WORDS, values = 4, scale = "weight_scale", per = "row",
    formats = { "w8a16-channel" } },
  { main = "weight_packed", dtypes = WORDS, values = 4, scale = "weight_scale", per = "group", formats = { "w8a16" } },
  { main = "weight_packed", dtypes = BYTES, values = 2, scale = "weight_scale", per = 16,
    formats = { "nvfp4", "modelopt-mixed" }, experts = { "fp8-block-nvfp4-experts" } },
  { main = "weight_packed", dtypes = BYTES, values = 2, scale = "weight_scale", per = 32,
    formats = { "mxfp4-linears" } },
  { main = "blocks", dtypes = BYTES, values = 2, formats = { "mxfp4" } },
  { main = "qweight", dtypes = WORDS, values = 8, packed = "inputs", scale = "scales", per = "row",
    formats = { "gptq-channel", "gptq", "auto-round" } },
  { main = "qweight", dtypes = WORDS, values = 8, packed = "inputs", scale = "scales", per = "group", formats = GPTQ },
  { main = "qweight", dtypes = WORDS, values = 4, packed = "inputs", scale = "scales", per = "group",
    formats = { "w8a16", "w8a16-channel" } },
  { main = "qweight", dtypes = WORDS, values = 8, packed = "outputs", scale = "scales", per = "group",
    formats = { "awq", "auto-round" } },
  { main = "weight", dtypes = FP8, values = 1, with = "weight_scale_inv",
    formats = { "fp8-block", "fp8-block-nvfp4-experts", "deepseek-v4-fp8" } },
  { main = "weight", dtypes = FP8, values = 1, scale = "weight_scale", per = 32, formats = { "mxfp8" } },
  { main = "weight", dtypes = FP8, values = 1, scale = "weight_scale", per = "tensor", formats = { "fp8" } },
  { main = "weight", dtypes = FP8, values = 1, scale = "weight_scale", per = "row",
    formats = { "fp8-channel", "fbgemm-fp8" } },
  { main = "weight", dtypes = FP8, values = 1, with = "weight_scale", formats = { "fp8-block" } },
  { main = "weight", dtypes = FP8, values = 1, formats = { "fp8" } },
  { main = "weight", dtypes = BYTES, values = 2, with = "absmax", formats = { "bitsandbytes" } },
  { main = "weight", dtypes = BYTES, values = 1, with = "SCB", formats = { "bitsandbytes-int8" } },
  { main = "weight", dtypes = { "I8" }, values = 1, with = "weight_scale",
    formats = { "int8", "int8-weight-only", "experts-int8" } },
  { main = "weight", dtypes = BYTES, values = 2, scale = "weight_scale", per = 16,
    formats = { "nvfp4", "modelopt-mixed" }, experts = { "fp8-block-nvfp4-experts" } },
  { main = "weight", dtypes = BYTES, values = 2, scale = "weight_scale", per = 32, formats = { "mxfp4-linears" } },
}
