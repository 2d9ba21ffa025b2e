return vw.quantization {
  id = "lab-4bit", summary = "4-bit weights without scales, made while loading",
  sources = { "invented for tests" }, vllm_names = { "lab-4bit" }, flag = "bitsandbytes",
  weights = { bits = 4 }, applies_to = "linears", keeps_16_bit = { "embedding", "head", "norm", "router" },
  needs = { compute_capability = 7.0 }, from_16_bit = true,
  recognised_by = { { quant_method = "lab-4bit" } },
  compute = "int4_weight_only", classic_bytes_per_parameter = 0.5, classic_speed = 1.05,
}
