-- What huggingface.co/casperhansen publishes. README.md explains the fields.
local e = require("_entries")
local like, awq, from = e.like, e.awq, e.from

local llama_3_70b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 8192, num_hidden_layers = 80,
  num_attention_heads = 64, num_key_value_heads = 8, intermediate_size = 28672, vocab_size = 128256,
  max_position_embeddings = 8192, tie_word_embeddings = false,
}

return vw.models {
  organisation = "casperhansen",
  entries = {
    { id = "casperhansen/llama-3-8b-instruct-awq", params = 8030261248, params_basis = "sibling",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 128256,
        max_position_embeddings = 8192, tie_word_embeddings = false, quantization_config = awq,
      },
      derived_from = "meta-llama/Meta-Llama-3-8B", unread = "quantization_config", source = from.llmfit },
    { id = "casperhansen/llama-3-70b-instruct-awq", params = 70553706496,
      config = like(llama_3_70b, { quantization_config = awq }),
      derived_from = "meta-llama/Meta-Llama-3-70B-Instruct", unread = "quantization_config", source = from.llmfit },
    { id = "casperhansen/llama-3.3-70b-instruct-awq", params = 70553706496,
      config = like(llama_3_70b, {
        max_position_embeddings = 131072,
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
        quantization_config = awq,
      }),
      derived_from = "meta-llama/Llama-3.1-70B", unread = "quantization_config", source = from.llmfit },
    { id = "casperhansen/mistral-nemo-instruct-2407-awq", params = 12247782400,
      config = {
        architectures = { "MistralForCausalLM" }, model_type = "mistral", hidden_size = 5120, num_hidden_layers = 40,
        num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128, intermediate_size = 14336,
        vocab_size = 131072, max_position_embeddings = 1024000, tie_word_embeddings = false,
        quantization_config = awq,
      },
      derived_from = "mistralai/Mistral-Nemo-Instruct-2407", unread = "quantization_config", source = from.llmfit },
  },
}
