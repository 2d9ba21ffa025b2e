-- What huggingface.co/facebook publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "facebook",
  entries = {
    { id = "facebook/opt-1.3b", params = 1315758080, params_basis = "advertised", license = "other (opt-175b)",
      config = {
        architectures = { "OPTForCausalLM" }, model_type = "opt", hidden_size = 2048, num_hidden_layers = 24,
        num_attention_heads = 32, ffn_dim = 8192, vocab_size = 50272, max_position_embeddings = 2048,
        do_layer_norm_before = true, word_embed_proj_dim = 2048,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "facebook/opt-2.7b", params = 2651596800, params_basis = "advertised", license = "other (opt-175b)",
      config = {
        architectures = { "OPTForCausalLM" }, model_type = "opt", hidden_size = 2560, num_hidden_layers = 32,
        num_attention_heads = 32, ffn_dim = 10240, vocab_size = 50272, max_position_embeddings = 2048,
        do_layer_norm_before = true, word_embed_proj_dim = 2560,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "facebook/opt-6.7b", params = 6658473984, params_basis = "advertised", license = "other (opt-175b)",
      config = {
        architectures = { "OPTForCausalLM" }, model_type = "opt", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, ffn_dim = 16384, vocab_size = 50272, max_position_embeddings = 2048,
        do_layer_norm_before = true, word_embed_proj_dim = 4096,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "facebook/opt-13b", params = 12853473280, params_basis = "advertised", license = "other (opt-175b)",
      config = {
        architectures = { "OPTForCausalLM" }, model_type = "opt", hidden_size = 5120, num_hidden_layers = 40,
        num_attention_heads = 40, ffn_dim = 20480, vocab_size = 50272, max_position_embeddings = 2048,
        do_layer_norm_before = true, word_embed_proj_dim = 5120,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "facebook/opt-30b", params = 29974540288, params_basis = "advertised", license = "other (opt-175b)",
      config = {
        architectures = { "OPTForCausalLM" }, model_type = "opt", hidden_size = 7168, num_hidden_layers = 48,
        num_attention_heads = 56, ffn_dim = 28672, vocab_size = 50272, max_position_embeddings = 2048,
        do_layer_norm_before = true, word_embed_proj_dim = 7168,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "facebook/opt-125m", params = 125239296, params_basis = "sibling", license = "other (opt-175b)",
      config = {
        architectures = { "OPTForCausalLM" }, model_type = "opt", hidden_size = 768, num_hidden_layers = 12,
        num_attention_heads = 12, ffn_dim = 3072, vocab_size = 50272, max_position_embeddings = 2048,
        do_layer_norm_before = true, word_embed_proj_dim = 768,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
