local C = require "_counts"

-- Qwen/Qwen3-VL-2B-Instruct
local qwen3 = {
  architectures = { "Qwen3VLForConditionalGeneration" }, tie_word_embeddings = true,
  text_config = { attention_bias = false, dtype = "bfloat16", head_dim = 128, hidden_size = 2048,
    intermediate_size = 6144, max_position_embeddings = 262144, num_attention_heads = 16, num_hidden_layers = 28,
    num_key_value_heads = 8, tie_word_embeddings = true, vocab_size = 151936 },
  vision_config = { deepstack_visual_indexes = { 5, 11, 17 }, depth = 24, hidden_size = 1024, in_channels = 3,
    intermediate_size = 4096, num_heads = 16, num_position_embeddings = 2304, out_hidden_size = 2048, patch_size = 16,
    spatial_merge_size = 2, temporal_patch_size = 2 },
}
-- Qwen/Qwen2-VL-7B-Instruct, Qwen/Qwen2.5-VL-7B-Instruct
local qwen2 = {
  architectures = { "Qwen2VLForConditionalGeneration" }, hidden_size = 3584, intermediate_size = 18944,
  max_position_embeddings = 32768, num_attention_heads = 28, num_hidden_layers = 28, num_key_value_heads = 4,
  tie_word_embeddings = false, vocab_size = 152064, rope_scaling = { type = "mrope", mrope_section = { 16, 24, 24 } },
  vision_config = { depth = 32, embed_dim = 1280, mlp_ratio = 4, num_heads = 16, hidden_size = 3584, patch_size = 14,
    spatial_merge_size = 2, temporal_patch_size = 2 },
}
local qwen2_5 = C.with(qwen2, { architectures = { "Qwen2_5_VLForConditionalGeneration" },
  max_position_embeddings = 128000, vision_config = { hidden_size = 1280, intermediate_size = 3420, num_heads = 16,
    out_hidden_size = 3584 } })

return {
  { "Qwen3-VL 2B has 2,127,532,032 parameters, 406,957,056 of them in its tower", function()
    vw.expect({ C.parameters(subject.reduce(qwen3, {})) }, { 2127532032, 0, 406957056 })
  end },
  { "Qwen2-VL 7B has 8,291,375,616 parameters", function()
    vw.expect({ C.parameters(subject.reduce(qwen2, {})) }, { 8291375616, 0, 675759104 })
  end },
  { "Qwen2.5-VL 7B has 8,292,166,656 parameters in a gated tower without biases of norms", function()
    local form = subject.reduce(qwen2_5, {})
    vw.expect({ C.parameters(form) }, { 8292166656, 0, 676550144 })
    vw.expect(form.towers[1].gated, true)
  end },
  { "multimodal rope keeps four times the rows", function()
    vw.expect(subject.reduce(qwen2_5, {}).rope, { { rows = 128000, width = 128, copies = 4 } })
  end },
  { "deepstack gives one more output per listed layer", function()
    vw.expect(subject.reduce(qwen3, {}).towers[1].output_levels, 4)
    vw.expect(subject.reduce(qwen2, {}).towers[1].output_levels, 1)
  end },
  { "the preprocessor's limit decides the largest image", function()
    vw.expect(subject.reduce(qwen2, {}).towers[1].max_tokens_per_item, 16384)
    local small = { preprocessor_config = { max_pixels = 1003520 } }
    vw.expect(subject.reduce(qwen2, small).towers[1].max_tokens_per_item, 1280)
    local sized = { preprocessor_config = { size = { longest_edge = 16777216, shortest_edge = 65536 } } }
    vw.expect(subject.reduce(qwen3, sized).towers[1].max_tokens_per_item, 16384)
  end },
  { "a tower with 0 heads is refused", function()
    local broken = C.with(qwen3, { vision_config = C.with(qwen3.vision_config, { num_heads = 0 }) })
    vw.expect(vw.fails(function() subject.reduce(broken, {}) end),
      "num_heads is 0, expected a whole number from 1 to 10000")
  end },
}
