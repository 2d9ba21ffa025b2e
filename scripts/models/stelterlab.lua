-- What huggingface.co/stelterlab publishes. README.md explains the fields.
local e = require("_entries")
local awq, from = e.awq, e.from

return vw.models {
  organisation = "stelterlab",
  entries = {
    { id = "stelterlab/Mistral-Small-24B-Instruct-2501-AWQ", params = 23572403200,
      config = {
        architectures = { "MistralForCausalLM" }, model_type = "mistral", hidden_size = 5120, num_hidden_layers = 40,
        num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128, intermediate_size = 32768,
        vocab_size = 131072, max_position_embeddings = 32768, tie_word_embeddings = false, quantization_config = awq,
      },
      derived_from = "mistralai/Mistral-Small-24B-Instruct-2501", unread = "quantization_config",
      source = from.llmfit },
  },
}
