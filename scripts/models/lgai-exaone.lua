-- What huggingface.co/LGAI-EXAONE publishes. README.md explains the fields.
local e = require("_entries")
local like, spell, kinds, from = e.like, e.spell, e.kinds, e.from

local exaone_4_0_32b = {
  architectures = { "Exaone4ForCausalLM" }, model_type = "exaone4", torch_dtype = "bfloat16", hidden_size = 5120,
  num_hidden_layers = 64, num_attention_heads = 40, num_key_value_heads = 8, head_dim = 128,
  intermediate_size = 27392, vocab_size = 102400, max_position_embeddings = 131072, tie_word_embeddings = false,
  sliding_window = 4096, sliding_window_pattern = "LLLG",
  rope_scaling = { factor = 16, original_max_position_embeddings = 8192, rope_type = "llama3" },
  layer_types = spell("sssf", kinds, 64),
}

return vw.models {
  organisation = "LGAI-EXAONE",
  entries = {
    { id = "LGAI-EXAONE/EXAONE-3.5-7.8B-Instruct", params = 7818448896, params_basis = "sibling",
      license = "other (exaone)",
      config = {
        architectures = { "ExaoneForCausalLM" }, model_type = "exaone", torch_dtype = "float32", hidden_size = 4096,
        num_layers = 32, num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128, intermediate_size = 14336,
        vocab_size = 102400, max_position_embeddings = 32768, tie_word_embeddings = false,
        rope_scaling = { factor = 8, original_max_position_embeddings = 8192, rope_type = "llama3" },
      },
      source = from.ome("exaone_7.8b.json") },
    { id = "LGAI-EXAONE/EXAONE-4.0-1.2B", params = 1279391488, license = "other (exaone)",
      config = {
        architectures = { "Exaone4ForCausalLM" }, model_type = "exaone4", hidden_size = 2048, num_hidden_layers = 30,
        num_attention_heads = 32, num_key_value_heads = 8, head_dim = 64, intermediate_size = 4096,
        vocab_size = 102400, max_position_embeddings = 65536, tie_word_embeddings = true,
      },
      provenance = "catalogue", source = from.llmfit },
    { id = "LGAI-EXAONE/EXAONE-4.0-32B", params = 32003216384, license = "other (exaone)", config = exaone_4_0_32b,
      source = from.tt("EXAONE-4.0-32B @0a91bdf") },
    { id = "LGAI-EXAONE/EXAONE-4.0-32B-AWQ", params = 32003216384, license = "other (exaone)",
      config = like(exaone_4_0_32b, { quantization_config = { bits = 4, quant_method = "awq" } }),
      derived_from = "LGAI-EXAONE/EXAONE-4.0-32B", unread = "quantization_config", source = from.llmfit },
  },
}
