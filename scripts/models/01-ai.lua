-- What huggingface.co/01-ai publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

local yi_34b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 7168,
  num_hidden_layers = 60, num_attention_heads = 56, num_key_value_heads = 8, intermediate_size = 20480,
  vocab_size = 64000, max_position_embeddings = 4096, tie_word_embeddings = false,
}

return vw.models {
  organisation = "01-ai",
  entries = {
    { id = "01-ai/Yi-1.5-9B-Chat", params = 8829407232, license = "apache-2.0",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 4096, num_hidden_layers = 48,
        num_attention_heads = 32, num_key_value_heads = 4, intermediate_size = 11008, vocab_size = 64000,
        max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "01-ai/Yi-1.5-34B-Chat", params = 34388917248, license = "apache-2.0", config = yi_34b,
      provenance = "catalogue", source = from.llmfit },
    { id = "01-ai/Yi-6B", params = 6061035520, license = "apache-2.0",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 4096, num_hidden_layers = 32,
        num_attention_heads = 32, num_key_value_heads = 4, intermediate_size = 11008, vocab_size = 64000,
        max_position_embeddings = 4096, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "01-ai/Yi-34B", params = 34388917248, license = "apache-2.0", config = yi_34b,
      source = "github.com/inference-sim/inference-sim model_configs/yi-34b/config.json @64e43c8" },
  },
}
