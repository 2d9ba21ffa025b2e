-- What huggingface.co/THUDM publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "THUDM",
  entries = {
    { id = "THUDM/glm-4-9b", params = 9399951360, params_basis = "sibling", license = "other (glm-4)",
      config = {
        architectures = { "ChatGLMModel" }, model_type = "chatglm", torch_dtype = "bfloat16", hidden_size = 4096,
        num_layers = 40, num_attention_heads = 32, tie_word_embeddings = false, add_bias_linear = false,
        add_qkv_bias = true, apply_residual_connection_post_layernorm = false, ffn_hidden_size = 13696,
        kv_channels = 128, multi_query_attention = true, multi_query_group_num = 2, padded_vocab_size = 151552,
        post_layer_norm = true, rmsnorm = true, seq_length = 8192,
      },
      source = from.ome("glm4_9b.json") },
  },
}
