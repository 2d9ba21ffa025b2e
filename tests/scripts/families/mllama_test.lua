local C = require "_counts"

-- meta-llama/Llama-3.2-11B-Vision-Instruct
local text = { cross_attention_layers = { 3, 8, 13, 18, 23, 28, 33, 38 }, hidden_size = 4096, intermediate_size = 14336,
  max_position_embeddings = 131072, num_attention_heads = 32, num_hidden_layers = 40, num_key_value_heads = 8,
  rope_scaling = { factor = 8.0, original_max_position_embeddings = 8192, rope_type = "llama3" },
  tie_word_embeddings = false, torch_dtype = "bfloat16", vocab_size = 128256 }
local ratios = { { 1, 1 }, { 1, 2 }, { 1, 3 }, { 1, 4 }, { 2, 1 }, { 2, 2 }, { 3, 1 }, { 4, 1 } }
local mllama = { architectures = { "MllamaForConditionalGeneration" }, text_config = text,
  vision_config = { attention_heads = 16, hidden_size = 1280, image_size = 560, intermediate_size = 5120,
    max_num_tiles = 4, num_global_layers = 8, num_hidden_layers = 32, patch_size = 14, vision_output_dim = 7680,
    supported_aspect_ratios = ratios } }

return {
  { "Llama 3.2 11B Vision has 10,670,220,835 parameters, 895,028,755 of them in its tower", function()
    vw.expect({ C.parameters(subject.reduce(mllama, {})) }, { 10670220835, 0, 895028755 })
  end },
  { "every fifth layer reads the image", function()
    local form = subject.reduce(mllama, {})
    vw.expect(C.groups(form), { ["full-dense"] = 32, ["cross-dense"] = 8 })
    vw.expect(C.group(form, "cross-dense").layers, { 3, 8, 13, 18, 23, 28, 33, 38 })
    vw.expect(C.group(form, "cross-dense").attention.causal, false)
  end },
  { "four tiles are 6404 tokens of an item", function()
    local tower = subject.reduce(mllama, {}).towers[1]
    vw.expect({ tower.layers, tower.tokens_per_item }, { 40, 6404 })
  end },
  { "a tower without layers is refused", function()
    local broken = C.with(mllama, { vision_config = C.with(mllama.vision_config, { num_hidden_layers = false }) })
    vw.expect(vw.fails(function() subject.reduce(broken, {}) end),
      "config has no number of vision layers (looked for num_hidden_layers, depth)")
  end },
}
