-- A weight format. Fields: scripts/README.md, vw.quantization.
return vw.quantization {
  id = "${id}", summary = "4-bit weights, one 16-bit scale for 128 inputs",
  sources = { "where the numbers come from" },
  vllm_names = { "${id}" },  -- quant_method of checkpoints, and --quantization
  weights = { bits = 4, scale_bits = 16, per = { rows = 1, inputs = 128 } },
  applies_to = "linears", keeps_16_bit = { "embedding", "head", "norm", "router" },
  needs = { compute_capability = 8.0 },
  from_16_bit = false,  -- true, and `flag`, when vLLM makes it while loading
  recognised_by = { { quant_method = "${id}" } },
  compute = "int4_weight_only", classic_bytes_per_parameter = 0.55,
}
