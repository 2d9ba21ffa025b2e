-- What huggingface.co/ai21labs publishes. README.md explains the fields.
local e = require("_entries")
local like, from = e.like, e.from

local jamba = {
  architectures = { "JambaForCausalLM" }, model_type = "jamba", hidden_size = 4096, num_hidden_layers = 32,
  num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 65536,
  max_position_embeddings = 262144, tie_word_embeddings = false, attn_layer_offset = 4, attn_layer_period = 8,
  expert_layer_offset = 1, expert_layer_period = 2, mamba_conv_bias = true, mamba_d_conv = 4, mamba_d_state = 16,
  mamba_dt_rank = 256, mamba_expand = 2, num_experts = 16, num_experts_per_tok = 2,
}

return vw.models {
  organisation = "ai21labs",
  entries = {
    { id = "ai21labs/AI21-Jamba2-Mini", params = 51570323328, params_basis = "sibling",
      config = like(jamba, { dtype = "bfloat16" }), source = from.hub("ssdataanalysis/AI21-Jamba2-Mini-mlx-fp16") },
    { id = "ai21labs/Jamba-v0.1", params = 51570323328, params_basis = "sibling", license = "apache-2.0",
      config = like(jamba, { torch_dtype = "bfloat16" }), source = from.hub("ai21labs/Jamba-v0.1") },
  },
}
