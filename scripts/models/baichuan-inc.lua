-- What huggingface.co/baichuan-inc publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "baichuan-inc",
  entries = {
    { id = "baichuan-inc/Baichuan2-7B-Chat", params = 7505973248, params_basis = "advertised",
      config = {
        architectures = { "BaichuanForCausalLM" }, model_type = "baichuan", torch_dtype = "bfloat16",
        hidden_size = 4096, num_hidden_layers = 32, num_attention_heads = 32, intermediate_size = 11008,
        vocab_size = 125696, max_position_embeddings = 4096, tie_word_embeddings = false, model_max_length = 4096,
      },
      source = from.ome("baichuan2_7b.json") },
  },
}
