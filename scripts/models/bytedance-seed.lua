-- What huggingface.co/ByteDance-Seed publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "ByteDance-Seed",
  entries = {
    { id = "ByteDance-Seed/Seed-OSS-36B-Instruct", params = 36151104512, params_basis = "sibling",
      license = "apache-2.0",
      config = {
        architectures = { "SeedOssForCausalLM" }, model_type = "seed_oss", hidden_size = 5120, num_hidden_layers = 64,
        num_attention_heads = 80, num_key_value_heads = 8, head_dim = 128, intermediate_size = 27648,
        vocab_size = 155136, max_position_embeddings = 524288, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
