-- What huggingface.co/internlm publishes. README.md explains the fields.
local e = require("_entries")
local like, from = e.like, e.from

local internlm2_7b = {
  architectures = { "InternLM2ForCausalLM" }, model_type = "internlm2", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 92544, max_position_embeddings = 32768, tie_word_embeddings = false, bias = false,
}

return vw.models {
  organisation = "internlm",
  entries = {
    { id = "internlm/internlm2-chat-7b", params = 7737708544, params_basis = "sibling", config = internlm2_7b,
      source = from.mlc("internlm2") },
    { id = "internlm/internlm2-chat-20b", params = 19861149696,
      config = {
        architectures = { "InternLM2ForCausalLM" }, model_type = "internlm2", hidden_size = 6144,
        num_hidden_layers = 48, num_attention_heads = 48, num_key_value_heads = 8, intermediate_size = 16384,
        vocab_size = 92544, max_position_embeddings = 32768, tie_word_embeddings = false,
        rope_scaling = { factor = 2, type = "dynamic" },
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "internlm/internlm2_5-7b-chat", params = 7737708544,
      config = like(internlm2_7b, { rope_scaling = { factor = 2, type = "dynamic" } }),
      source = from.mlc("internlm2_5_7b") },
    { id = "internlm/internlm3-8b-instruct", params = 8804241408, params_basis = "advertised",
      config = {
        architectures = { "InternLM3ForCausalLM" }, model_type = "internlm3", hidden_size = 4096,
        num_hidden_layers = 48, num_attention_heads = 32, num_key_value_heads = 2, head_dim = 128,
        intermediate_size = 10240, vocab_size = 128512, max_position_embeddings = 32768, tie_word_embeddings = false,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "internlm/internlm-chat-7b", params = 7321948160, params_basis = "advertised",
      config = {
        architectures = { "InternLMForCausalLM" }, model_type = "internlm", torch_dtype = "float16",
        hidden_size = 4096, num_hidden_layers = 32, num_attention_heads = 32, intermediate_size = 11008,
        vocab_size = 103168, max_position_embeddings = 2048, tie_word_embeddings = false, bias = true,
      },
      source = from.mlc("internlm") },
  },
}
