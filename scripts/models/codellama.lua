-- What huggingface.co/codellama publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

local codellama_7b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 11008,
  vocab_size = 32016, max_position_embeddings = 16384, tie_word_embeddings = false,
}

return vw.models {
  organisation = "codellama",
  entries = {
    { id = "codellama/CodeLlama-7b-hf", params = 6738546688, license = "llama2", config = codellama_7b,
      source = from.mlc("codellama_7b") },
    { id = "codellama/CodeLlama-7b-Instruct-hf", params = 6738546688, license = "llama2", config = codellama_7b,
      derived_from = "codellama/CodeLlama-7b-hf", source = from.llmfit },
    { id = "codellama/CodeLlama-13b-hf", params = 13016028160, params_basis = "sibling", license = "llama2",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 5120,
        num_hidden_layers = 40, num_attention_heads = 40, num_key_value_heads = 40, intermediate_size = 13824,
        vocab_size = 32016, max_position_embeddings = 16384, tie_word_embeddings = false,
      },
      source = from.mlc("codellama_13b") },
    { id = "codellama/CodeLlama-34b-hf", params = 33744232448, params_basis = "advertised", license = "llama2",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 8192,
        num_hidden_layers = 48, num_attention_heads = 64, num_key_value_heads = 8, intermediate_size = 22016,
        vocab_size = 32016, max_position_embeddings = 16384, tie_word_embeddings = false,
      },
      source = from.mlc("codellama_34b") },
  },
}
