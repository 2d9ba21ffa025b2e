-- What huggingface.co/stepfun-ai publishes. README.md explains the fields.
local e = require("_entries")
local like, spell, kinds, from = e.like, e.spell, e.kinds, e.from

local step_3_7_flash = {
  architectures = { "Step3p7FlashForCausalLM" }, model_type = "step3p7", torch_dtype = "bfloat16", hidden_size = 4096,
  num_hidden_layers = 45, num_attention_heads = 64, num_key_value_heads = 8, head_dim = 128,
  intermediate_size = 11264, vocab_size = 128896, max_position_embeddings = 65536, first_k_dense_replace = 3,
  moe_intermediate_size = 1280, n_shared_experts = 1, num_experts = 288, num_experts_per_tok = 8,
  num_nextn_predict_layers = 3, share_expert_dim = 1280, sliding_window = 512, use_moe_router_bias = true,
  layer_types = spell("fsss", kinds, 45),
}

return vw.models {
  organisation = "stepfun-ai",
  entries = {
    { id = "stepfun-ai/Step-3.7-Flash", config = step_3_7_flash,
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
    { id = "stepfun-ai/Step-3.7-Flash-FP8",
      config = like(step_3_7_flash, {
        quantization_config = {
          activation_scheme = "dynamic", quant_method = "fp8", weight_block_size = { 128, 128 },
        },
      }),
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
  },
}
