-- What huggingface.co/upstage publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "upstage",
  entries = {
    { id = "upstage/SOLAR-10.7B-Instruct-v1.0", params = 10731524096, license = "cc-by-nc-4.0",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 4096, num_hidden_layers = 48,
        num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 32000,
        max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
