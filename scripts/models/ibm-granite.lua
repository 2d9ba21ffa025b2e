-- What huggingface.co/ibm-granite publishes. README.md explains the fields.
local e = require("_entries")
local like, spell, kinds, from = e.like, e.spell, e.kinds, e.from

local granite_3_3_8b = {
  architectures = { "GraniteForCausalLM" }, model_type = "granite", hidden_size = 4096, num_hidden_layers = 40,
  num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 12800, vocab_size = 49159,
  max_position_embeddings = 131072, tie_word_embeddings = true,
}

return vw.models {
  organisation = "ibm-granite",
  entries = {
    { id = "ibm-granite/granite-3.3-2b-instruct", params = 2533539840, params_basis = "advertised",
      license = "apache-2.0",
      config = {
        architectures = { "GraniteForCausalLM" }, model_type = "granite", hidden_size = 2048, num_hidden_layers = 40,
        num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 8192, vocab_size = 49159,
        max_position_embeddings = 131072, tie_word_embeddings = true,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "ibm-granite/granite-3.3-8b-instruct", params = 8170864640, license = "apache-2.0",
      config = granite_3_3_8b, provenance = "catalogue", source = from.llmfit },
    { id = "ibm-granite/granite-4.0-h-micro", params = 3191396096, license = "apache-2.0",
      config = {
        architectures = { "GraniteMoeHybridForCausalLM" }, model_type = "granitemoehybrid", hidden_size = 2048,
        num_hidden_layers = 40, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 8192,
        vocab_size = 100352, max_position_embeddings = 131072, tie_word_embeddings = true, mamba_chunk_size = 256,
        mamba_conv_bias = true, mamba_d_conv = 4, mamba_d_head = 64, mamba_d_state = 128, mamba_expand = 2,
        mamba_n_groups = 1, mamba_n_heads = 64, num_experts_per_tok = 0, num_local_experts = 0,
        shared_intermediate_size = 8192, layer_types = spell("mmmmmammmm", kinds, 40),
      },
      source = from.hub("anuj6316/granite") },
    { id = "ibm-granite/granite-4.0-h-tiny", params = 6939037248, license = "apache-2.0",
      config = {
        architectures = { "GraniteMoeHybridForCausalLM" }, model_type = "granitemoehybrid", dtype = "bfloat16",
        hidden_size = 1536, num_hidden_layers = 40, num_attention_heads = 12, num_key_value_heads = 4,
        intermediate_size = 512, vocab_size = 100352, max_position_embeddings = 131072, tie_word_embeddings = true,
        mamba_chunk_size = 256, mamba_conv_bias = true, mamba_d_conv = 4, mamba_d_head = 64, mamba_d_state = 128,
        mamba_expand = 2, mamba_n_groups = 1, mamba_n_heads = 48, num_experts_per_tok = 6, num_local_experts = 64,
        shared_intermediate_size = 1024, layer_types = spell("mmmmmammmm", kinds, 40),
      },
      source = from.hub("inference-optimization/granite-4.0-h-tiny-FP8-dynamic") },
    { id = "ibm-granite/granite-4.0-micro", params = 3402836480, params_basis = "sibling", license = "apache-2.0",
      config = {
        architectures = { "GraniteMoeHybridForCausalLM" }, model_type = "granitemoehybrid", dtype = "bfloat16",
        hidden_size = 2560, num_hidden_layers = 40, num_attention_heads = 40, num_key_value_heads = 8,
        intermediate_size = 8192, vocab_size = 100352, max_position_embeddings = 131072, tie_word_embeddings = true,
        mamba_chunk_size = 256, mamba_conv_bias = true, mamba_d_conv = 4, mamba_d_head = 40, mamba_d_state = 256,
        mamba_expand = 2, mamba_n_groups = 1, mamba_n_heads = 128, num_experts_per_tok = 0, num_local_experts = 0,
        shared_intermediate_size = 8192, layer_types = spell("a", kinds, 40),
      },
      source = from.hub("Sethblocks/Neuron-v0.3-3b") },
    { id = "ibm-granite/granite-4.1-3b", params = 3402836480, license = "apache-2.0",
      config = {
        architectures = { "GraniteForCausalLM" }, model_type = "granite", hidden_size = 2560, num_hidden_layers = 40,
        num_attention_heads = 40, num_key_value_heads = 8, intermediate_size = 8192, vocab_size = 100352,
        max_position_embeddings = 131072, tie_word_embeddings = true,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "ibm-granite/granite-4.1-8b", params = 8791592960, license = "apache-2.0",
      config = like(granite_3_3_8b, { vocab_size = 100352, tie_word_embeddings = false }), provenance = "catalogue",
      source = from.llmfit },
  },
}
