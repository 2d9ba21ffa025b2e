-- What huggingface.co/openai-community publishes. README.md explains the fields.
local e = require("_entries")
local from = e.from

return vw.models {
  organisation = "openai-community",
  entries = {
    { id = "openai-community/gpt2", params = 124439808, license = "mit",
      config = {
        architectures = { "GPT2LMHeadModel" }, model_type = "gpt2", n_embd = 768, n_layer = 12, n_head = 12,
        vocab_size = 50257, n_positions = 1024, n_ctx = 1024,
      },
      source = from.mlc("gpt2") },
    { id = "openai-community/gpt2-large", params = 774030080, license = "mit",
      config = {
        architectures = { "GPT2LMHeadModel" }, model_type = "gpt2", n_embd = 1280, n_layer = 36, n_head = 20,
        vocab_size = 50257, n_positions = 1024, n_ctx = 1024,
      },
      provenance = "catalogue", source = "Radford et al. 2019, table 2 (774M)" },
    { id = "openai-community/gpt2-medium", params = 354823168, license = "mit",
      config = {
        architectures = { "GPT2LMHeadModel" }, model_type = "gpt2", n_embd = 1024, n_layer = 24, n_head = 16,
        vocab_size = 50257, n_positions = 1024, n_ctx = 1024,
      },
      source = from.mlc("gpt2_medium") },
    { id = "openai-community/gpt2-xl", params = 1557611200, license = "mit",
      config = {
        architectures = { "GPT2LMHeadModel" }, model_type = "gpt2", n_embd = 1600, n_layer = 48, n_head = 25,
        vocab_size = 50257, n_positions = 1024, n_ctx = 1024,
      },
      provenance = "catalogue", source = "Radford et al. 2019, table 2 (1558M)" },
  },
}
