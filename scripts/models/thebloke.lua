-- What huggingface.co/TheBloke publishes. README.md explains the fields.
local e = require("_entries")
local like, awq, from = e.like, e.awq, e.from

local deepseek_coder_33b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 7168, num_hidden_layers = 62,
  num_attention_heads = 56, num_key_value_heads = 8, intermediate_size = 19200, vocab_size = 32256,
  max_position_embeddings = 16384, tie_word_embeddings = false, rope_scaling = { factor = 4, type = "linear" },
}
local llama_7b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "float16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, intermediate_size = 11008, vocab_size = 32000,
  max_position_embeddings = 4096, tie_word_embeddings = false,
}
local llama_2_70b = {
  architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "float16", hidden_size = 8192,
  num_hidden_layers = 80, num_attention_heads = 64, num_key_value_heads = 8, intermediate_size = 28672,
  vocab_size = 32000, max_position_embeddings = 4096, tie_word_embeddings = false,
}
local mistral_7b = {
  architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
  vocab_size = 32000, max_position_embeddings = 32768, tie_word_embeddings = false,
}

return vw.models {
  organisation = "TheBloke",
  entries = {
    { id = "TheBloke/deepseek-coder-1.3b-instruct-AWQ", params = 1346471936, params_basis = "advertised",
      license = "other (deepseek)",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "float16", hidden_size = 2048,
        num_hidden_layers = 24, num_attention_heads = 16, num_key_value_heads = 16, intermediate_size = 5504,
        vocab_size = 32256, max_position_embeddings = 8192, tie_word_embeddings = false,
        rope_scaling = { factor = 4, type = "linear" }, quantization_config = awq,
      },
      source = from.hub("TheBloke/deepseek-coder-1.3b-instruct-AWQ") },
    { id = "TheBloke/deepseek-coder-33B-instruct-AWQ", params = 33342991360, params_basis = "advertised",
      license = "other (deepseek)", config = like(deepseek_coder_33b, { quantization_config = awq }),
      source = from.hub("TheBloke/deepseek-coder-33B-instruct-AWQ @c40b499") .. " (files)" },
    { id = "TheBloke/deepseek-coder-33B-instruct-GPTQ", params = 33342991360, params_basis = "advertised",
      license = "other (deepseek)",
      config = like(deepseek_coder_33b, {
        torch_dtype = "bfloat16",
        quantization_config = { bits = 4, desc_act = true, group_size = -1, quant_method = "gptq", sym = true },
      }),
      source = from.hub("TheBloke/deepseek-coder-33B-instruct-GPTQ @df6cc18") },
    { id = "TheBloke/Llama-2-7B-AWQ", params = 6738415616, params_basis = "sibling", license = "llama2",
      config = like(llama_7b, { num_key_value_heads = 32, quantization_config = awq }),
      source = from.hub("dganochenko/Llama-2-7B-AWQ @f13bf06") },
    { id = "TheBloke/Llama-2-7B-Chat-GPTQ", params = 6738415616, license = "llama2",
      config = like(llama_7b, {
        num_key_value_heads = 32, quantization_config = { bits = 4, quant_method = "gptq" },
      }),
      provenance = "catalogue", note = "group size not known", source = from.llmfit },
    { id = "TheBloke/Llama-2-70B-AWQ", params = 68976648192, params_basis = "sibling", license = "llama2",
      config = like(llama_2_70b, { quantization_config = awq }),
      source = from.hub("TheBloke/Llama-2-70B-AWQ @7a10ef7") },
    { id = "TheBloke/Llama-2-70B-Chat-AWQ", params = 68976648192, params_basis = "sibling", license = "llama2",
      config = like(llama_2_70b, { quantization_config = awq }),
      source = from.hub("TheBloke/Llama-2-70B-Chat-AWQ @55c2786") },
    { id = "TheBloke/LLaMA-7b-AWQ", params = 6738415616, params_basis = "sibling",
      config = like(llama_7b, {
        max_position_embeddings = 2048, max_sequence_length = 2048, quantization_config = awq,
      }),
      source = from.hub("TheBloke/LLaMA-7b-AWQ @67e8613") },
    { id = "TheBloke/Mistral-7B-Instruct-v0.2-AWQ", params = 7241732096, license = "apache-2.0",
      config = like(mistral_7b, { quantization_config = awq }), derived_from = "mistralai/Mistral-7B-Instruct-v0.2",
      unread = "quantization_config", source = from.llmfit },
    { id = "TheBloke/Mistral-7B-Instruct-v0.2-GPTQ", params = 7241732096, license = "apache-2.0",
      config = like(mistral_7b, { quantization_config = { bits = 4, quant_method = "gptq" } }),
      provenance = "catalogue", note = "group size not known", source = from.llmfit },
    { id = "TheBloke/Mistral-7B-v0.1-AWQ", params = 7241732096, params_basis = "sibling", license = "apache-2.0",
      config = like(mistral_7b, { sliding_window = 4096, quantization_config = awq }),
      source = from.hub("TheBloke/Mistral-7B-v0.1-AWQ @f186bcf") },
  },
}
