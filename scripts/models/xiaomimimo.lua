-- What huggingface.co/XiaomiMiMo publishes. README.md explains the fields.
local e = require("_entries")
local spell, fp8_blocks, from = e.spell, e.fp8_blocks, e.from

return vw.models {
  organisation = "XiaomiMiMo",
  entries = {
    { id = "XiaomiMiMo/MiMo-7B-Base", params = 7833409536, license = "mit",
      config = {
        architectures = { "MiMoForCausalLM" }, model_type = "mimo", torch_dtype = "bfloat16", hidden_size = 4096,
        num_hidden_layers = 36, num_attention_heads = 32, num_key_value_heads = 8, head_dim = 128,
        intermediate_size = 11008, vocab_size = 151680, max_position_embeddings = 32768, tie_word_embeddings = false,
        attention_bias = true, num_nextn_predict_layers = 1,
      },
      note = "params counts the multi-token predictor too", source = from.aiconfigurator },
    { id = "XiaomiMiMo/MiMo-V2-Flash",
      config = {
        architectures = { "MiMoV2FlashForCausalLM" }, model_type = "mimo_v2_flash", torch_dtype = "bfloat16",
        hidden_size = 4096, num_hidden_layers = 48, num_attention_heads = 64, num_key_value_heads = 4, head_dim = 192,
        intermediate_size = 16384, vocab_size = 152576, max_position_embeddings = 262144, tie_word_embeddings = false,
        add_full_attention_sink_bias = false, add_swa_attention_sink_bias = true, attention_chunk_size = 128,
        hybrid_layer_pattern = spell("01111011111011111011111011111011111011111011111", { ["0"] = 0, ["1"] = 1 }, 48),
        moe_intermediate_size = 2048, moe_layer_freq = spell("0" .. ("1"):rep(47), { ["0"] = 0, ["1"] = 1 }),
        n_routed_experts = 256, num_experts_per_tok = 8, partial_rotary_factor = 0.334, sliding_window = 128,
        sliding_window_size = 128, swa_head_dim = 192, swa_num_attention_heads = 64, swa_num_key_value_heads = 8,
        swa_v_head_dim = 128, v_head_dim = 128, quantization_config = fp8_blocks,
      },
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
  },
}
