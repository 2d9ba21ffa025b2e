-- What huggingface.co/RedHatAI publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "RedHatAI",
  entries = {
    { id = "RedHatAI/Meta-Llama-3.1-8B-Instruct-FP8", params = 8030261248, license = "llama3.1",
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
    { id = "RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8", params = 7615616512, params_basis = "sibling",
      license = "apache-2.0",
      config = {
        architectures = { "Qwen2ForCausalLM" }, model_type = "qwen2", hidden_size = 3584, num_hidden_layers = 28,
        num_attention_heads = 28, num_key_value_heads = 4, intermediate_size = 18944, vocab_size = 152064,
        max_position_embeddings = 32768, tie_word_embeddings = false, max_window_layers = 28,
        quantization_config = {
          config_groups = {
            group_0 = {
              input_activations = {
                dynamic = true, num_bits = 8, strategy = "token", symmetric = true, type = "int",
              },
              targets = { "Linear" },
              weights = { num_bits = 8, strategy = "channel", symmetric = true, type = "int" },
            },
          },
          format = "int-quantized", ignore = { "lm_head" }, quant_method = "compressed-tensors",
        },
      },
      source = from.hub("RedHatAI/Qwen2.5-7B-Instruct-quantized.w8a8") },
  },
}
