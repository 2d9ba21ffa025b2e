-- What huggingface.co/baidu publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "baidu",
  entries = {
    { id = "baidu/ERNIE-4.5-0.3B-PT", params = 360748032, params_basis = "advertised", license = "apache-2.0",
      config = {
        architectures = { "Ernie4_5ForCausalLM" }, model_type = "ernie4_5", hidden_size = 1024,
        num_hidden_layers = 18, num_attention_heads = 16, num_key_value_heads = 2, head_dim = 128,
        intermediate_size = 3072, vocab_size = 103424, max_position_embeddings = 131072, tie_word_embeddings = true,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "baidu/ERNIE-4.5-21B-A3B-PT", params = 21825437888, params_basis = "sibling", license = "apache-2.0",
      config = {
        architectures = { "Ernie4_5_MoeForCausalLM" }, model_type = "ernie4_5_moe", hidden_size = 2560,
        num_hidden_layers = 28, num_attention_heads = 20, num_key_value_heads = 4, intermediate_size = 12288,
        vocab_size = 103424, max_position_embeddings = 131072, tie_word_embeddings = true,
        moe_intermediate_size = 1536, moe_k = 6, moe_layer_start_index = 1, moe_num_experts = 64,
        moe_num_shared_experts = 2,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
