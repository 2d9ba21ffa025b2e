local C = require "_counts"

local types = {}
for index = 1, 30 do types[index] = index % 6 == 0 and "full_attention" or "sliding_attention" end
-- google/gemma-4-26B-A4B
local text = {
  attention_bias = false, attention_k_eq_v = true, dtype = "bfloat16", enable_moe_block = true, global_head_dim = 512,
  head_dim = 256, hidden_size = 2816, hidden_size_per_layer_input = 0, intermediate_size = 2112, layer_types = types,
  max_position_embeddings = 262144, model_type = "gemma4_text", moe_intermediate_size = 704, num_attention_heads = 16,
  num_experts = 128, num_global_key_value_heads = 2, num_hidden_layers = 30, num_key_value_heads = 8,
  rope_parameters = { full_attention = { partial_rotary_factor = 0.25, rope_type = "proportional" },
    sliding_attention = { rope_type = "default" } },
  sliding_window = 1024, tie_word_embeddings = true, top_k_experts = 8, vocab_size = 262144,
}
local gemma4 = {
  architectures = { "Gemma4ForConditionalGeneration" }, dtype = "bfloat16", text_config = text,
  vision_config = { hidden_size = 1152, intermediate_size = 4304, num_attention_heads = 16, num_hidden_layers = 27,
    patch_size = 16, pooling_kernel_size = 3, position_embedding_size = 10240 }, vision_soft_tokens_per_image = 280,
}

return {
  { "Gemma 4 26B-A4B has 25,805,933,872 parameters, 572,792,112 of them in its tower", function()
    vw.expect({ C.parameters(subject.reduce(gemma4, {})) }, { 25805933872, 0, 572792112 })
  end },
  { "full layers have two key-value heads of 512 and sliding layers eight of 256", function()
    local form = subject.reduce(gemma4, {})
    vw.expect(C.groups(form), { ["sliding-moe"] = 25, ["full-moe"] = 5 })
    local full, sliding = C.group(form, "full-moe").attention, C.group(form, "sliding-moe").attention
    vw.expect({ full.kv_heads, full.key_dim, full.window_tokens }, { 2, 512 })
    vw.expect({ sliding.kv_heads, sliding.key_dim, sliding.window_tokens }, { 8, 256, 1024 })
  end },
  { "the dense feed-forward beside the experts counts as a shared expert", function()
    local ffn = C.group(subject.reduce(gemma4, {}), "full-moe").feed_forward
    vw.expect({ ffn.experts, ffn.experts_per_token, ffn.intermediate_size, ffn.shared_intermediate_size },
      { 128, 8, 704, 2112 })
  end },
  { "values that are keys are stored and are no parameters", function()
    local found
    for _, matrix in ipairs(C.group(subject.reduce(gemma4, {}), "full-moe").matrices) do
      if matrix.role == "v" then found = matrix end
    end
    vw.expect({ found.outputs, found.inputs, found.buffer }, { 1024, 2816, true })
  end },
  { "per-layer embeddings make the count an estimate", function()
    local small = C.with(gemma4, { text_config = C.with(text, { hidden_size_per_layer_input = 256,
      num_kv_shared_layers = 10, enable_moe_block = false }) })
    local form = subject.reduce(small, {})
    vw.expect(form.estimated, true)
    vw.expect(C.groups(form),
      { ["sliding-dense"] = 17, ["full-dense"] = 3, ["shared-dense"] = 8, ["shared-dense-2"] = 2 })
  end },
  { "experts without a width are refused", function()
    local broken = C.with(gemma4, { text_config = C.with(text, { moe_intermediate_size = false }) })
    vw.expect(vw.fails(function() subject.reduce(broken, {}) end),
      "config has no intermediate size of an expert (looked for moe_intermediate_size, expert_intermediate_size)")
  end },
}
