-- What huggingface.co/HuggingFaceTB publishes. README.md explains the fields.
local e = require("_entries")
local like, from = e.like, e.from

local smollm_1_7b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 2048,
  num_hidden_layers = 24, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 8192,
  vocab_size = 49152, max_position_embeddings = 8192, tie_word_embeddings = true,
}

return vw.models {
  organisation = "HuggingFaceTB",
  entries = {
    { id = "HuggingFaceTB/SmolLM2-1.7B-Instruct", params = 1711376384, params_basis = "sibling",
      license = "apache-2.0", config = smollm_1_7b, provenance = "catalogue", source = from.llmfit },
    { id = "HuggingFaceTB/SmolLM2-135M-Instruct", params = 134515008, license = "apache-2.0",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 576,
        num_hidden_layers = 30, num_attention_heads = 9, num_key_value_heads = 3, intermediate_size = 1536,
        vocab_size = 49152, max_position_embeddings = 8192, tie_word_embeddings = true,
      },
      source = from.mlc("smollm2_135m") },
    { id = "HuggingFaceTB/SmolLM2-360M-Instruct", params = 361821120, params_basis = "sibling",
      license = "apache-2.0",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 960,
        num_hidden_layers = 32, num_attention_heads = 15, num_key_value_heads = 5, intermediate_size = 2560,
        vocab_size = 49152, max_position_embeddings = 8192, tie_word_embeddings = true,
      },
      source = from.mlc("smollm2_360m") },
    { id = "HuggingFaceTB/SmolLM3-3B", params = 3075098624, license = "apache-2.0",
      config = {
        architectures = { "SmolLM3ForCausalLM" }, model_type = "smollm3", hidden_size = 2048, num_hidden_layers = 36,
        num_attention_heads = 16, num_key_value_heads = 4, intermediate_size = 11008, vocab_size = 128256,
        max_position_embeddings = 65536, tie_word_embeddings = true,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "HuggingFaceTB/SmolLM-1.7B-Instruct", params = 1711376384, license = "apache-2.0",
      config = like(smollm_1_7b, { max_position_embeddings = 2048 }), source = from.mlc("smollm_1_7b") },
  },
}
