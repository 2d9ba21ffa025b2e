-- What huggingface.co/databricks publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "databricks",
  entries = {
    { id = "databricks/dbrx-instruct", params = 131596523520, params_basis = "advertised",
      license = "other (databricks-open-model-license)", gated = true,
      config = {
        architectures = { "DbrxForCausalLM" }, model_type = "dbrx", torch_dtype = "bfloat16", d_model = 6144,
        n_layers = 40, n_heads = 48, vocab_size = 100352, max_seq_len = 32768, tie_word_embeddings = false,
        attn_config = { kv_n_heads = 8 },
        ffn_config = { ffn_hidden_size = 10752, moe_num_experts = 16, moe_top_k = 4 },
      },
      source = from.hub("SinclairSchneider/dbrx-instruct-quantization-fixed @731fe61") },
  },
}
