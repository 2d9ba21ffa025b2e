-- What huggingface.co/allenai publishes. README.md explains the fields.
local e = require("_entries")
local spell, kinds, from = e.spell, e.kinds, e.from

return vw.models {
  organisation = "allenai",
  entries = {
    { id = "allenai/OLMo-2-0325-32B", params = 32234279936, params_basis = "sibling", license = "apache-2.0",
      config = {
        architectures = { "Olmo2ForCausalLM" }, model_type = "olmo2", torch_dtype = "float32", hidden_size = 5120,
        num_hidden_layers = 64, num_attention_heads = 40, num_key_value_heads = 8, intermediate_size = 27648,
        vocab_size = 100352, max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      source = from.mlc("olmo2_32b") },
    { id = "allenai/OLMo-2-0425-1B-Instruct", params = 1484916736, license = "apache-2.0",
      config = {
        architectures = { "Olmo2ForCausalLM" }, model_type = "olmo2", hidden_size = 2048, num_hidden_layers = 16,
        num_attention_heads = 16, num_key_value_heads = 16, intermediate_size = 8192, vocab_size = 100352,
        max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "allenai/OLMo-2-1124-7B", params = 7298617344, params_basis = "sibling", license = "apache-2.0",
      config = {
        architectures = { "Olmo2ForCausalLM" }, model_type = "olmo2", torch_dtype = "float32", hidden_size = 4096,
        num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 11008,
        vocab_size = 100352, max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      source = from.mlc("olmo2_7b") },
    { id = "allenai/OLMo-2-1124-13B", params = 13716198400, params_basis = "sibling", license = "apache-2.0",
      config = {
        architectures = { "Olmo2ForCausalLM" }, model_type = "olmo2", torch_dtype = "float32", hidden_size = 5120,
        num_hidden_layers = 40, num_attention_heads = 40, num_key_value_heads = 40, intermediate_size = 13824,
        vocab_size = 100352, max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      source = from.mlc("olmo2_13b") },
    { id = "allenai/Olmo-3-7B-Instruct", params = 7298011136, license = "apache-2.0",
      config = {
        architectures = { "Olmo3ForCausalLM" }, model_type = "olmo3", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 11008, vocab_size = 100278,
        max_position_embeddings = 65536, tie_word_embeddings = false, sliding_window = 4096,
        layer_types = spell("sssf", kinds, 32),
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "allenai/Olmo-3.1-32B-Instruct", params = 32233522176, params_basis = "sibling", license = "apache-2.0",
      config = {
        architectures = { "Olmo3ForCausalLM" }, model_type = "olmo3", dtype = "bfloat16", hidden_size = 5120,
        num_hidden_layers = 64, num_attention_heads = 40, num_key_value_heads = 8, intermediate_size = 27648,
        vocab_size = 100278, max_position_embeddings = 65536, tie_word_embeddings = false, sliding_window = 4096,
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "yarn" },
        layer_types = spell("sssf", kinds, 64),
      },
      source = from.tt("Olmo-3.1-32B-Instruct @7699a9e") },
    { id = "allenai/OLMoE-1B-7B-0125-Instruct", params = 6919161856, license = "apache-2.0",
      config = {
        architectures = { "OlmoeForCausalLM" }, model_type = "olmoe", hidden_size = 2048, num_hidden_layers = 16,
        num_attention_heads = 16, num_key_value_heads = 16, intermediate_size = 1024, vocab_size = 50304,
        max_position_embeddings = 4096, tie_word_embeddings = false, num_experts = 64, num_experts_per_tok = 8,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
