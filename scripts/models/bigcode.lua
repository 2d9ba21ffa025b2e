-- What huggingface.co/bigcode publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "bigcode",
  entries = {
    { id = "bigcode/starcoder2-3b", params = 3030371328, license = "bigcode-openrail-m",
      config = {
        architectures = { "Starcoder2ForCausalLM" }, model_type = "starcoder2", hidden_size = 3072,
        num_hidden_layers = 30, num_attention_heads = 24, num_key_value_heads = 2, intermediate_size = 12288,
        vocab_size = 49152, max_position_embeddings = 16384, mlp_type = "default", norm_type = "layer_norm",
        sliding_window = 4096, use_bias = true,
      },
      class_defaults = { tie_word_embeddings = true }, source = from.hub("bigcode/starcoder2-3b @9a1f939") },
    { id = "bigcode/starcoder2-7b", params = 7173923840, license = "bigcode-openrail-m",
      config = {
        architectures = { "Starcoder2ForCausalLM" }, model_type = "starcoder2", torch_dtype = "bfloat16",
        hidden_size = 4608, num_hidden_layers = 32, num_attention_heads = 36, num_key_value_heads = 4,
        intermediate_size = 18432, vocab_size = 49152, max_position_embeddings = 16384, mlp_type = "default",
        norm_type = "layer_norm", sliding_window = 4096, use_bias = true,
      },
      source = from.mlc("starcoder2") },
    { id = "bigcode/starcoder2-15b", params = 15957889024, params_basis = "advertised",
      license = "bigcode-openrail-m",
      config = {
        architectures = { "Starcoder2ForCausalLM" }, model_type = "starcoder2", torch_dtype = "float32",
        hidden_size = 6144, num_hidden_layers = 40, num_attention_heads = 48, num_key_value_heads = 4,
        intermediate_size = 24576, vocab_size = 49152, max_position_embeddings = 16384, tie_word_embeddings = false,
        mlp_type = "default", norm_type = "layer_norm", sliding_window = 4096, use_bias = true,
      },
      source = from.hub("bigcode/starcoder2-15b @56438be") },
  },
}
