-- What huggingface.co/hugging-quants publishes. README.md explains the fields.
local e = require("_entries")
local awq, from = e.awq, e.from

return vw.models {
  organisation = "hugging-quants",
  entries = {
    { id = "hugging-quants/Meta-Llama-3.1-8B-Instruct-AWQ-INT4", params = 8030261248, params_basis = "sibling",
      license = "llama3.1",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 128256,
        max_position_embeddings = 131072, tie_word_embeddings = false,
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
        quantization_config = awq,
      },
      derived_from = "meta-llama/Llama-3.1-8B", unread = "quantization_config", source = from.llmfit },
    { id = "hugging-quants/Meta-Llama-3.1-70B-Instruct-AWQ-INT4", params = 70553706496, params_basis = "sibling",
      license = "llama3.1",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 8192, num_hidden_layers = 80,
        num_attention_heads = 64, num_key_value_heads = 8, intermediate_size = 28672, vocab_size = 128256,
        max_position_embeddings = 131072, tie_word_embeddings = false,
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
        quantization_config = awq,
      },
      derived_from = "meta-llama/Llama-3.1-70B", unread = "quantization_config", source = from.llmfit },
    { id = "hugging-quants/Mixtral-8x7B-Instruct-v0.1-AWQ-INT4", params = 46702792704,
      config = {
        architectures = { "MixtralForCausalLM" }, model_type = "mixtral", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 32000,
        max_position_embeddings = 32768, tie_word_embeddings = false, num_experts_per_tok = 2, num_local_experts = 8,
        quantization_config = awq,
      },
      derived_from = "mistralai/Mixtral-8x7B-v0.1", unread = "quantization_config", source = from.llmfit },
  },
}
