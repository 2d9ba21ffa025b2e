-- What huggingface.co/mistral-community publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "mistral-community",
  entries = {
    { id = "mistral-community/pixtral-12b", params = 12682739712, license = "apache-2.0",
      config = {
        architectures = { "LlavaForConditionalGeneration" }, model_type = "llava", torch_dtype = "bfloat16",
        image_seq_length = 1, projector_hidden_act = "gelu",
        text_config = {
          model_type = "mistral", hidden_size = 5120, num_hidden_layers = 40, num_key_value_heads = 8, head_dim = 128,
          intermediate_size = 14336, vocab_size = 131072, max_position_embeddings = 1024000,
        },
        vision_config = { model_type = "pixtral", head_dim = 64, image_size = 1024, patch_size = 16 },
      },
      class_defaults = {
        text_config = { num_attention_heads = 32, tie_word_embeddings = false },
        vision_config = {
          hidden_size = 1024, num_hidden_layers = 24, num_attention_heads = 16, intermediate_size = 4096,
          num_channels = 3,
        },
      },
      source = from.hub("saujasv/pixtral-12b @7b726e5") },
  },
}
