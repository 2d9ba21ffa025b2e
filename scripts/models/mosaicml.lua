-- What huggingface.co/mosaicml publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "mosaicml",
  entries = {
    { id = "mosaicml/mpt-7b", params = 6649286656, params_basis = "advertised", license = "apache-2.0",
      config = {
        architectures = { "MPTForCausalLM" }, model_type = "mpt", torch_dtype = "bfloat16", d_model = 4096,
        n_layers = 32, n_heads = 32, vocab_size = 50432, max_seq_len = 2048,
        attn_config = { alibi = true, qk_ln = false }, expansion_ratio = 4, learned_pos_emb = true, no_bias = true,
      },
      source = from.hub("crashx/flax-mpt7b @2a3162e") },
  },
}
