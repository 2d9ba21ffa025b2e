-- What huggingface.co/CohereForAI publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "CohereForAI",
  entries = {
    { id = "CohereForAI/c4ai-command-r-08-2024", params = 32296476672, params_basis = "sibling",
      license = "cc-by-nc-4.0", gated = true,
      config = {
        architectures = { "CohereForCausalLM" }, model_type = "cohere", torch_dtype = "bfloat16", hidden_size = 8192,
        num_hidden_layers = 40, num_attention_heads = 64, num_key_value_heads = 8, intermediate_size = 24576,
        vocab_size = 256000, max_position_embeddings = 131072, use_qk_norm = false,
      },
      class_defaults = { tie_word_embeddings = true }, source = from.hub("unsloth/c4ai-command-r-08-2024 @5a0b68a") },
    { id = "CohereForAI/c4ai-command-r-v01", params = 34980831232, params_basis = "advertised",
      license = "cc-by-nc-4.0", gated = true,
      config = {
        architectures = { "CohereForCausalLM" }, model_type = "cohere", torch_dtype = "float16", hidden_size = 8192,
        num_hidden_layers = 40, num_attention_heads = 64, num_key_value_heads = 64, intermediate_size = 22528,
        vocab_size = 256000, max_position_embeddings = 8192, model_max_length = 131072, use_qk_norm = false,
      },
      class_defaults = { tie_word_embeddings = true },
      source = from.hub("TechxGenus/c4ai-command-r-v01-AWQ @22d08d9") },
  },
}
