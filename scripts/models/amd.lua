-- What huggingface.co/amd publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "amd",
  entries = {
    { id = "amd/dbrx-instruct-FP8-KV", params = 131596523520, params_basis = "advertised",
      config = {
        architectures = { "DbrxForCausalLM" }, model_type = "dbrx", torch_dtype = "bfloat16", d_model = 6144,
        n_layers = 40, n_heads = 48, num_key_value_heads = 8, vocab_size = 100352, max_seq_len = 32768,
        tie_word_embeddings = false, attn_config = { kv_n_heads = 8 },
        ffn_config = { ffn_hidden_size = 10752, moe_num_experts = 16, moe_top_k = 4 },
        quantization_config = {
          activation_scheme = "static", ignored_layers = { "lm_head", "*router.layer" }, kv_cache_scheme = "static",
          quant_method = "fp8",
        },
      },
      source = from.hub("amd/dbrx-instruct-FP8-KV @2873950") },
  },
}
