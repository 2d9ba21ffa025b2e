-- What huggingface.co/huggyllama publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "huggyllama",
  entries = {
    { id = "huggyllama/llama-7b", params = 6738415616,
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "float16", hidden_size = 4096,
        num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 11008,
        vocab_size = 32000, max_position_embeddings = 2048, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "huggyllama/llama-30b", params = 32528943616,
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 6656, num_hidden_layers = 60,
        num_attention_heads = 52, num_key_value_heads = 52, intermediate_size = 17920, vocab_size = 32000,
        max_position_embeddings = 2048, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
