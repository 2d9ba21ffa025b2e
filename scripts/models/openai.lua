-- What huggingface.co/openai publishes. README.md explains the fields.
local e = require("_entries")
local spell, kinds, from = e.spell, e.kinds, e.from

return vw.models {
  organisation = "openai",
  entries = {
    { id = "openai/gpt-oss-20b", params = 20914757184, license = "apache-2.0",
      config = {
        architectures = { "GptOssForCausalLM" }, model_type = "gpt_oss", hidden_size = 2880, num_hidden_layers = 24,
        num_attention_heads = 64, num_key_value_heads = 8, head_dim = 64, intermediate_size = 2880,
        vocab_size = 201088, max_position_embeddings = 131072, tie_word_embeddings = false, attention_bias = true,
        experts_per_token = 4, initial_context_length = 4096, num_experts_per_tok = 4, num_local_experts = 32,
        sliding_window = 128,
        rope_scaling = { factor = 32, original_max_position_embeddings = 4096, rope_type = "yarn" },
        layer_types = spell("sf", kinds, 24),
        quantization_config = {
          modules_to_not_convert = {
            "model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head",
          },
          quant_method = "mxfp4",
        },
      },
      source = from.aiconfigurator },
    { id = "openai/gpt-oss-120b", params = 116829156672, license = "apache-2.0",
      config = {
        architectures = { "GptOssForCausalLM" }, model_type = "gpt_oss", hidden_size = 2880, num_hidden_layers = 36,
        num_attention_heads = 64, num_key_value_heads = 8, head_dim = 64, intermediate_size = 2880,
        vocab_size = 201088, max_position_embeddings = 131072, tie_word_embeddings = false, attention_bias = true,
        experts_per_token = 4, initial_context_length = 4096, num_experts_per_tok = 4, num_local_experts = 128,
        sliding_window = 128,
        rope_scaling = { factor = 32, original_max_position_embeddings = 4096, rope_type = "yarn" },
        layer_types = spell("sf", kinds, 36),
        quantization_config = {
          modules_to_not_convert = {
            "model.layers.*.self_attn", "model.layers.*.mlp.router", "model.embed_tokens", "lm_head",
          },
          quant_method = "mxfp4",
        },
      },
      source = from.aiconfigurator },
  },
}
