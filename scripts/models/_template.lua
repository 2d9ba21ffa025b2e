-- Models of one organisation for planning without network. Fields: scripts/models/README.md.
return vw.models {
  organisation = "${id}",  -- spelled as on the Hub; the file's name is this in lower case
  summary = "models of ${id}",
  entries = {
    {
      id = "${id}/my-model-1b",
      config = {
        architectures = { "LlamaForCausalLM" }, hidden_size = 2048, num_hidden_layers = 16, num_attention_heads = 32,
        num_key_value_heads = 8, intermediate_size = 8192, vocab_size = 128256, max_position_embeddings = 131072,
        tie_word_embeddings = true, torch_dtype = "bfloat16",
      },
      source = "where the config was read",
    },
  },
}
