local C = require "_counts"

-- zai-org/GLM-5
local glm5 = {
  architectures = { "GlmMoeDsaForCausalLM" }, model_type = "glm_moe_dsa", dtype = "bfloat16", hidden_size = 6144,
  num_hidden_layers = 78, num_attention_heads = 64, num_key_value_heads = 64, head_dim = 64, intermediate_size = 12288,
  vocab_size = 154880, max_position_embeddings = 202752, tie_word_embeddings = false, first_k_dense_replace = 3,
  index_head_dim = 128, index_n_heads = 32, index_topk = 2048, kv_lora_rank = 512, q_lora_rank = 2048,
  moe_intermediate_size = 2048, n_routed_experts = 256, n_shared_experts = 1, num_experts_per_tok = 8,
  num_nextn_predict_layers = 1, qk_nope_head_dim = 192, qk_rope_head_dim = 64, v_head_dim = 256,
}

-- zai-org/GLM-4.7-Flash
local flash = {
  architectures = { "Glm4MoeLiteForCausalLM" }, model_type = "glm4_moe_lite", torch_dtype = "bfloat16",
  hidden_size = 2048, num_hidden_layers = 47, num_attention_heads = 20, num_key_value_heads = 20,
  intermediate_size = 10240, vocab_size = 154880, max_position_embeddings = 202752, tie_word_embeddings = false,
  first_k_dense_replace = 1, kv_lora_rank = 512, q_lora_rank = 768, moe_intermediate_size = 1536,
  n_routed_experts = 64, n_shared_experts = 1, num_experts_per_tok = 4, num_nextn_predict_layers = 1,
  qk_nope_head_dim = 192, qk_rope_head_dim = 64, v_head_dim = 256,
}

-- GLM-5.2: three layers score keys, then one in four.
local function sharing()
  local kinds = {}
  for layer = 1, 78 do kinds[layer] = (layer <= 3 or layer % 4 == 3) and "full" or "shared" end
  return C.with(glm5, { indexer_types = kinds, max_position_embeddings = 1048576 })
end

return {
  { "GLM-5 has 743,911,218,432 parameters, its predictor 9,952,920,576 more", function()
    vw.expect({ C.parameters(subject.reduce(glm5, {})) }, { 743911218432, 9952920576, 0 })
  end },
  { "GLM-4.7-Flash has 29,943,393,920 parameters, its predictor 643,706,176 more", function()
    vw.expect({ C.parameters(subject.reduce(flash, {})) }, { 29943393920, 643706176, 0 })
  end },
  { "layers that reuse picked keys have no indexer", function()
    local form = subject.reduce(sharing(), {})
    vw.expect(C.groups(form),
      { ["latent-dense"] = 3, ["latent-moe"] = 57, ["latent-moe-2"] = 18, ["mtp-latent-moe"] = 1 })
    vw.expect({ C.group(form, "latent-moe").attention.latent.indexer_dim,
      C.group(form, "latent-moe-2").attention.latent.indexer_dim }, { nil, 128 })
    vw.expect((C.parameters(form)), 743911218432 - 57 * 9371904)
  end },
  { "the router of GLM-4.7-Flash is kept in 32 bit", function()
    local group = C.group(subject.reduce(flash, {}), "latent-moe")
    vw.expect({ C.stored(group.matrices).router, group.feed_forward.router_dtype }, { "fp32", "fp32" })
    vw.expect(C.stored(C.group(subject.reduce(glm5, {}), "latent-moe").matrices).router, "bf16")
  end },
}
