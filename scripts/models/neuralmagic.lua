-- What huggingface.co/neuralmagic publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "neuralmagic",
  entries = {
    { id = "neuralmagic/Meta-Llama-3.1-8B-Instruct-FP8", params = 8030261248, params_basis = "sibling",
      license = "llama3.1",
      config = {
        architectures = { "LlamaForCausalLM" }, model_type = "llama", torch_dtype = "bfloat16", hidden_size = 4096,
        num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, intermediate_size = 14336,
        vocab_size = 128256, max_position_embeddings = 131072, tie_word_embeddings = false,
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
        quantization_config = {
          config_groups = {
            group_0 = {
              input_activations = { num_bits = 8, strategy = "tensor", symmetric = true, type = "float" },
              targets = { "Linear" },
              weights = { num_bits = 8, strategy = "tensor", symmetric = true, type = "float" },
            },
          },
          format = "float-quantized", ignore = { "lm_head" }, quant_method = "compressed-tensors",
        },
      },
      source = from.hub("neuralmagic/Meta-Llama-3.1-8B-Instruct-FP8 @12fd688") },
    { id = "neuralmagic/Mistral-7B-Instruct-v0.3-FP8", params = 7248023552, params_basis = "sibling",
      license = "apache-2.0",
      config = {
        architectures = { "MistralForCausalLM" }, model_type = "mistral", torch_dtype = "bfloat16",
        hidden_size = 4096, num_hidden_layers = 32, num_attention_heads = 32, num_key_value_heads = 8,
        intermediate_size = 14336, vocab_size = 32768, max_position_embeddings = 32768, tie_word_embeddings = false,
        quantization_config = { activation_scheme = "static", ignored_layers = { "lm_head" }, quant_method = "fp8" },
      },
      source = from.hub("neuralmagic/Mistral-7B-Instruct-v0.3-FP8") },
    { id = "neuralmagic/Qwen2.5-7B-FP8-dynamic", params = 7615616512, params_basis = "sibling",
      license = "apache-2.0",
      config = {
        architectures = { "Qwen2ForCausalLM" }, model_type = "qwen2", torch_dtype = "bfloat16", hidden_size = 3584,
        num_hidden_layers = 28, num_attention_heads = 28, num_key_value_heads = 4, intermediate_size = 18944,
        vocab_size = 152064, max_position_embeddings = 131072, tie_word_embeddings = false,
        quantization_config = {
          config_groups = {
            group_0 = {
              input_activations = {
                dynamic = true, num_bits = 8, strategy = "token", symmetric = true, type = "float",
              },
              targets = { "Linear" },
              weights = { num_bits = 8, strategy = "channel", symmetric = true, type = "float" },
            },
          },
          format = "float-quantized", ignore = { "lm_head" }, quant_method = "compressed-tensors",
        },
      },
      source = from.hub("neuralmagic/Qwen2.5-7B-FP8-dynamic") },
  },
}
