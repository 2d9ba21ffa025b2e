-- DeepSeek-V3.2's sparse attention stores 656 bytes per token and layer: 512 latent elements in fp8, four fp32 scales
-- (16 bytes), and the 64 rotary elements in 16 bit (128 bytes). Over 576 elements of 8 bits that is 80 bytes more.
-- DeepSeek-V4 stores 584 bytes per compressed state under the same name.
return vw.quantization {
  id = "fp8_ds_mla", summary = "latent KV cache of DeepSeek-V3.2: 656 bytes per token and layer",
  sources = { "vllm/v1/kv_cache_interface.py, MLAAttentionSpec with fp8_ds_mla" },
  vllm_names = vw.list {},
  applies_to = "none", keeps_16_bit = vw.list {},
  needs = { compute_capability = 7.0 }, from_16_bit = false,
  compute = "kv_fp8",
  kv = {
    bits = 8, per_head_bits = 640, vllm_name = "fp8_ds_mla",
    needs = {
      compute_capability = 9.0, gfx = { "gfx942", "gfx950" },
      reason = "read by the sparse MLA kernels of Hopper and Blackwell",
    },
  },
}
