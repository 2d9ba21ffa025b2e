-- What huggingface.co/CohereLabs publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "CohereLabs",
  entries = {
    { id = "CohereLabs/aya-23-8B", params = 8028033024, license = "cc-by-nc-4.0", gated = true,
      config = {
        architectures = { "CohereForCausalLM" }, model_type = "cohere", torch_dtype = "float16", hidden_size = 4096,
        num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
        vocab_size = 256000, max_position_embeddings = 8192, use_qk_norm = false,
      },
      source = from.mlc("aya-23") },
  },
}
