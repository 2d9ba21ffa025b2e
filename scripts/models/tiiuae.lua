-- What huggingface.co/tiiuae publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

local falcon_7b = {
  architectures = { "FalconForCausalLM" }, model_type = "falcon", hidden_size = 4544, num_hidden_layers = 32,
  num_attention_heads = 71, vocab_size = 65024, alibi = false, bias = false, multi_query = true,
  new_decoder_architecture = false, parallel_attn = true,
}

return vw.models {
  organisation = "tiiuae",
  entries = {
    { id = "tiiuae/Falcon3-7B-Instruct", params = 7455550464,
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 3072, num_hidden_layers = 28,
        num_attention_heads = 12, num_key_value_heads = 4, head_dim = 256, intermediate_size = 23040,
        vocab_size = 131072, max_position_embeddings = 32768, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "tiiuae/falcon-7b", params = 6921720704, license = "apache-2.0", config = falcon_7b,
      provenance = "catalogue", source = from.llmfit },
    { id = "tiiuae/falcon-7b-instruct", params = 6921720704, license = "apache-2.0", config = falcon_7b,
      provenance = "catalogue", source = from.llmfit },
    { id = "tiiuae/falcon-40b", params = 41303293952, license = "apache-2.0",
      config = {
        architectures = { "FalconForCausalLM" }, model_type = "falcon", hidden_size = 8192, num_hidden_layers = 60,
        num_attention_heads = 128, vocab_size = 65024, alibi = false, bias = false, new_decoder_architecture = true,
        num_kv_heads = 8, parallel_attn = true,
      },
      provenance = "catalogue", source = from.llmfit },
  },
}
