-- What huggingface.co/TinyLlama publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "TinyLlama",
  entries = {
    { id = "TinyLlama/TinyLlama-1.1B-Chat-v1.0", params = 1100048384, license = "apache-2.0",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 2048,
        num_hidden_layers = 22, num_attention_heads = 32, num_key_value_heads = 4, intermediate_size = 5632,
        vocab_size = 32000, max_position_embeddings = 2048, tie_word_embeddings = false,
      },
      source = from.mlc("tinyllama_1b_chat_v1.0") },
  },
}
