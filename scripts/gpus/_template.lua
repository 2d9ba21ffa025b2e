-- One accelerator. Fields: gpu-db/README.md.
return vw.gpu {
  id = "${id}", summary = "a card that gpu-db does not know",
  name = "My Accelerator ${id}", vendor = "nvidia", architecture = "hopper", compute_capability = 9.0,
  memory_mib = 65536, memory_type = "HBM3", memory_bandwidth_gb_s = 3000, bf16_tflops = 800, fp16_tflops = 800,
  link = { type = "nvlink", gb_s_per_direction = 450 }, max_gpus_per_node = 8, market = "datacenter",
  vllm = "supported", sources = { "data sheet, date" },
}
