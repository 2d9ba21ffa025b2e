-- What huggingface.co/TechxGenus publishes. README.md explains the fields.
local e = require("_entries")
local awq, from = e.awq, e.from

return vw.models {
  organisation = "TechxGenus",
  entries = {
    { id = "TechxGenus/c4ai-command-r-v01-AWQ", params = 34980831232, params_basis = "advertised",
      license = "cc-by-nc-4.0",
      config = {
        architectures = { "CohereForCausalLM" }, model_type = "cohere", torch_dtype = "float16", hidden_size = 8192,
        num_hidden_layers = 40, num_attention_heads = 64, num_key_value_heads = 64, intermediate_size = 22528,
        vocab_size = 256000, max_position_embeddings = 8192, model_max_length = 131072, use_qk_norm = false,
        quantization_config = awq,
      },
      class_defaults = { tie_word_embeddings = true },
      source = from.hub("TechxGenus/c4ai-command-r-v01-AWQ @22d08d9") },
    { id = "TechxGenus/starcoder2-15b-GPTQ", params = 15957889024, params_basis = "advertised",
      license = "cc-by-nc-4.0",
      config = {
        architectures = { "Starcoder2ForCausalLM" }, model_type = "starcoder2", torch_dtype = "float16",
        hidden_size = 6144, num_hidden_layers = 40, num_attention_heads = 48, num_key_value_heads = 4,
        intermediate_size = 24576, vocab_size = 49152, max_position_embeddings = 16384, tie_word_embeddings = false,
        mlp_type = "default", norm_type = "layer_norm", sliding_window = 4096, use_bias = true,
        quantization_config = { bits = 4, desc_act = true, group_size = 128, quant_method = "gptq", sym = true },
      },
      source = from.hub("TechxGenus/starcoder2-15b-GPTQ @bb33fa2") },
  },
}
