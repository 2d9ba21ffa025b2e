local C = require "_counts"

-- moonshotai/Kimi-K2.5
local text = {
  model_type = "kimi_k2", hidden_size = 7168, num_hidden_layers = 61, num_attention_heads = 64,
  num_key_value_heads = 64, intermediate_size = 18432, vocab_size = 163840, max_position_embeddings = 262144,
  first_k_dense_replace = 1, kv_lora_rank = 512, q_lora_rank = 1536, moe_intermediate_size = 2048,
  n_routed_experts = 384, n_shared_experts = 1, num_experts_per_tok = 8, num_nextn_predict_layers = 0,
  qk_nope_head_dim = 128, qk_rope_head_dim = 64, v_head_dim = 128,
  rope_scaling = { type = "yarn", factor = 64, original_max_position_embeddings = 4096 },
}
local config = { architectures = { "KimiK25ForConditionalGeneration" }, model_type = "kimi_k25", dtype = "bfloat16",
  tie_word_embeddings = false, text_config = text, vision_config = { vt_hidden_size = 1152 } }

local checkpoint = { format = "w4a16", group_size = 32, ignore = { "lm_head", "re:.*self_attn.*",
  "re:.*shared_experts.*", "re:.*mlp\\.(gate|up|gate_up|down)_proj.*" } }

return {
  { "the language model has 1,026,408,232,448 parameters", function()
    vw.expect({ C.parameters(subject.reduce(config, {})) }, { 1026408232448, 0, 0 })
  end },
  { "the tower is reported as missing", function()
    vw.expect(subject.reduce(config, {}).unmodelled,
      { "the vision tower (about 0.4 billion parameters) and its projector" })
    vw.expect(subject.reduce(C.with(config, { vision_config = false }), {}).unmodelled, nil)
  end },
  { "only the routed experts are in 4 bit", function()
    local form = subject.reduce(config, checkpoint)
    local moe, dense = C.stored(C.group(form, "latent-moe").matrices), C.stored(C.group(form, "latent-dense").matrices)
    vw.expect({ moe.experts_gate_up, moe.experts_down, moe.shared_down, moe.o, dense.gate_up, dense.down },
      { "w4a16", "w4a16", "bf16", "bf16", "bf16", "bf16" })
  end },
  { "names carry the prefix of the wrapper", function()
    vw.expect(C.group(subject.reduce(config, {}), "latent-dense").matrices[2].names,
      { "language_model.model.layers.*.self_attn.q_a_proj",
        "language_model.model.layers.*.self_attn.kv_a_proj_with_mqa" })
  end },
  { "the context is the scaled one", function()
    vw.expect(subject.reduce(config, {}).max_context_tokens, 262144)
  end },
}
