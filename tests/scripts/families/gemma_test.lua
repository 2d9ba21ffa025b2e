local C = require "_counts"

-- google/gemma-3-4b-it, whose config leaves heads and vocabulary to the configuration class
local gemma3 = {
  architectures = { "Gemma3ForConditionalGeneration" }, mm_tokens_per_image = 256, torch_dtype = "bfloat16",
  text_config = { hidden_size = 2560, intermediate_size = 10240, model_type = "gemma3_text", num_hidden_layers = 34,
    rope_scaling = { factor = 8.0, rope_type = "linear" }, sliding_window = 1024 },
  vision_config = { hidden_size = 1152, image_size = 896, intermediate_size = 4304, num_attention_heads = 16,
    model_type = "siglip_vision_model", num_hidden_layers = 27, patch_size = 14 },
}
-- google/gemma-2-9b-it
local gemma2 = { architectures = { "Gemma2ForCausalLM" }, head_dim = 256, hidden_size = 3584, intermediate_size = 14336,
  max_position_embeddings = 8192, num_attention_heads = 16, num_hidden_layers = 42, num_key_value_heads = 8,
  sliding_window = 4096, vocab_size = 256000 }
-- google/gemma-2b-it
local gemma = { architectures = { "GemmaForCausalLM" }, head_dim = 256, hidden_size = 2048, intermediate_size = 16384,
  max_position_embeddings = 8192, num_attention_heads = 8, num_hidden_layers = 18, num_key_value_heads = 1,
  vocab_size = 256000 }

return {
  { "Gemma 3 4B has 4,300,079,472 parameters, 419,816,304 of them in its tower", function()
    local form = subject.reduce(gemma3, {})
    vw.expect({ C.parameters(form) }, { 4300079472, 0, 419816304 })
    vw.expect({ form.attention_heads, form.kv_heads, form.head_dim, form.vocab_size }, { 8, 4, 256, 262208 })
  end },
  { "five of six layers of Gemma 3 slide, and local and global layers have tables of their own", function()
    local form = subject.reduce(gemma3, {})
    vw.expect(C.groups(form), { ["sliding-dense"] = 29, ["full-dense"] = 5 })
    vw.expect(C.group(form, "full-dense").layers, { 5, 11, 17, 23, 29 })
    vw.expect(form.rope, { { rows = 1048576, width = 256 }, { rows = 131072, width = 256 } })
    vw.expect(form.max_context_tokens, 131072)
  end },
  { "an image is 256 tokens", function()
    local tower = subject.reduce(gemma3, {}).towers[1]
    vw.expect({ tower.kind, tower.layers, tower.tokens_per_item, tower.image_size }, { "vision", 27, 256, 896 })
  end },
  { "the tower stays in 16 bit", function()
    local stored = C.stored(subject.reduce(gemma3, { format = "fp8" }).towers[1].matrices)
    vw.expect({ stored.tower_qkv, stored.tower_down, stored.projector }, { "bf16", "bf16", "bf16" })
  end },
  { "Gemma 2 9B has 9,241,705,984 parameters and every other layer slides, the first among them", function()
    local form = subject.reduce(gemma2, {})
    vw.expect((C.parameters(form)), 9241705984)
    vw.expect(C.groups(form), { ["sliding-dense"] = 21, ["full-dense"] = 21 })
    vw.expect(form.groups[1].name, "sliding-dense")
  end },
  { "Gemma 2B has 2,506,172,416 parameters", function()
    vw.expect((C.parameters(subject.reduce(gemma, {}))), 2506172416)
  end },
  { "a pattern of 0 is refused", function()
    local broken = C.with(gemma3, { text_config = C.with(gemma3.text_config, { sliding_window_pattern = 0 }) })
    vw.expect(vw.fails(function() subject.reduce(broken, {}) end),
      "sliding_window_pattern is 0, expected a whole number from 1 to 1000")
  end },
}
