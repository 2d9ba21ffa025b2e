local C = require "_counts"

-- mistralai/Mistral-Small-3.1-24B-Instruct-2503
local mistral = {
  architectures = { "Mistral3ForConditionalGeneration" }, multimodal_projector_bias = false, spatial_merge_size = 2,
  torch_dtype = "bfloat16",
  text_config = { head_dim = 128, hidden_size = 5120, intermediate_size = 32768, max_position_embeddings = 131072,
    model_type = "mistral", num_attention_heads = 32, num_hidden_layers = 40, num_key_value_heads = 8,
    vocab_size = 131072 },
  vision_config = { head_dim = 64, hidden_size = 1024, image_size = 1540, intermediate_size = 4096,
    model_type = "pixtral", num_attention_heads = 16, num_hidden_layers = 24, patch_size = 14 },
}
-- mistral-community/pixtral-12b, which leaves heads and the tower's size to the configuration classes
local pixtral = {
  architectures = { "LlavaForConditionalGeneration" },
  text_config = { hidden_size = 5120, head_dim = 128, intermediate_size = 14336, max_position_embeddings = 1024000,
    model_type = "mistral", num_hidden_layers = 40, num_key_value_heads = 8, vocab_size = 131072 },
  vision_config = { head_dim = 64, image_size = 1024, model_type = "pixtral", patch_size = 16 },
}
-- llava-hf/llava-1.5-7b-hf, likewise
local llava = {
  architectures = { "LlavaForConditionalGeneration" },
  text_config = { model_type = "llama", max_position_embeddings = 4096, vocab_size = 32064 },
  vision_config = { hidden_size = 1024, image_size = 336, intermediate_size = 4096, model_type = "clip_vision_model",
    num_attention_heads = 16, num_hidden_layers = 24, patch_size = 14 },
}

return {
  { "Mistral Small 3.1 has 24,011,361,280 parameters, 438,958,080 of them in tower and projector", function()
    vw.expect({ C.parameters(subject.reduce(mistral, {})) }, { 24011361280, 0, 438958080 })
  end },
  { "its largest image is 55 x 55 tokens, with row ends 3080", function()
    local tower = subject.reduce(mistral, {}).towers[1]
    vw.expect({ tower.tokens_per_item, tower.max_tokens_per_item, tower.merge_size }, { 3025, 3080, 2 })
  end },
  { "Pixtral 12B has 12,682,739,712 parameters though its config is short", function()
    vw.expect({ C.parameters(subject.reduce(pixtral, {})) }, { 12682739712, 0, 434957312 })
  end },
  { "LLaVA 1.5 7B has 7,063,427,072 parameters and 576 tokens an image", function()
    local form = subject.reduce(llava, {})
    vw.expect((C.parameters(form)), 7063427072)
    vw.expect(form.towers[1].tokens_per_item, 576)
  end },
  { "ignore lists match under the language model's longer name", function()
    local form = subject.reduce(mistral, { format = "w4a16", ignore = { "re:language_model.*down_proj" } })
    local stored = C.stored(C.group(form, "full-dense").matrices)
    vw.expect({ stored.down, stored.gate_up }, { "bf16", "w4a16" })
  end },
  { "unknown towers and text models are refused", function()
    local tower = C.with(llava, { vision_config = { model_type = "dinov2" } })
    vw.expect(vw.fails(function() subject.reduce(tower, {}) end),
      "no vision tower is known for model_type 'dinov2' (known: pixtral, clip_vision_model, siglip_vision_model)")
    local text = C.with(llava, { text_config = { model_type = "rwkv" } })
    vw.expect(vw.fails(function() subject.reduce(text, {}) end),
      "no dense decoder is known for architecture 'none' and model_type 'rwkv'")
  end },
}
