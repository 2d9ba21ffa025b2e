-- What huggingface.co/unsloth publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "unsloth",
  entries = {
    { id = "unsloth/DeepSeek-R1-Distill-Qwen-7B-bnb-4bit", params = 7615616512, params_basis = "sibling",
      config = {
        architectures = { "Qwen2ForCausalLM" }, model_type = "qwen2", hidden_size = 3584, num_hidden_layers = 28,
        num_attention_heads = 28, num_key_value_heads = 4, intermediate_size = 18944, vocab_size = 152064,
        max_position_embeddings = 131072, tie_word_embeddings = false,
        quantization_config = {
          bnb_4bit_quant_type = "nf4", bnb_4bit_use_double_quant = true,
          llm_int8_skip_modules = { "lm_head", "multi_modal_projector", "merger", "modality_projection" },
          load_in_4bit = true, quant_method = "bitsandbytes",
        },
      },
      source = from.hub("unsloth/DeepSeek-R1-Distill-Qwen-7B-bnb-4bit @229ebb2") },
    { id = "unsloth/gemma-3-12b-it", params = 12187325040,
      config = {
        architectures = { "Gemma3ForConditionalGeneration" }, model_type = "gemma3", torch_dtype = "bfloat16",
        mm_tokens_per_image = 256,
        text_config = {
          model_type = "gemma3_text", hidden_size = 3840, num_hidden_layers = 48, num_attention_heads = 16,
          num_key_value_heads = 8, head_dim = 256, intermediate_size = 15360, vocab_size = 262208,
          max_position_embeddings = 131072, rope_local_base_freq = 10000, sliding_window = 1024,
          sliding_window_pattern = 6, rope_scaling = { factor = 8, rope_type = "linear" },
        },
        vision_config = {
          model_type = "siglip_vision_model", hidden_size = 1152, num_hidden_layers = 27, num_attention_heads = 16,
          intermediate_size = 4304, image_size = 896, patch_size = 14, vision_use_head = false,
        },
      },
      source = from.hub("unsloth/gemma-3-12b-it-GGUF @e036ed0") },
  },
}
