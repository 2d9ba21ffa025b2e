return vw.gpu {
  id = "lab-64", summary = "an accelerator that only the lab has",
  name = "Lab Accelerator 64GB", product = "Lab Accelerator", aliases = { "LA64" },
  vendor = "nvidia", architecture = "hopper", compute_capability = 9.0,
  memory_mib = 65536, memory_type = "HBM3", memory_bandwidth_gb_s = 3000,
  bf16_tflops = 800, fp16_tflops = 800, fp8_tflops = 1600,
  link = { type = "nvlink", gb_s_per_direction = 450 }, max_gpus_per_node = 4, market = "datacenter",
  classic_decode_tok_s = 150, classic_prefill_tok_s = 8000,
  vllm = "supported", sources = { "invented for tests" },
}
