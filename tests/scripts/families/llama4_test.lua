local C = require "_counts"

-- meta-llama/Llama-4-Scout-17B-16E-Instruct
local text = {
  attention_bias = false, attention_chunk_size = 8192, head_dim = 128, hidden_size = 5120,
  interleave_moe_layer_step = 1, intermediate_size = 8192, intermediate_size_mlp = 16384,
  max_position_embeddings = 10485760, num_attention_heads = 40,
  num_experts_per_tok = 1, num_hidden_layers = 48, num_key_value_heads = 8, num_local_experts = 16,
  rope_scaling = { factor = 16.0, original_max_position_embeddings = 8192, rope_type = "llama3" },
  torch_dtype = "bfloat16", vocab_size = 202048,
}
local scout = { architectures = { "Llama4ForConditionalGeneration" }, text_config = text }
local function with_text(changes) return C.with(scout, { text_config = C.with(text, changes) }) end
-- meta-llama/Llama-4-Maverick-17B-128E-Instruct
local maverick = with_text { num_local_experts = 128, interleave_moe_layer_step = 2, max_position_embeddings = 1048576,
  rope_scaling = false }

return {
  { "Scout has 108,641,793,536 parameters, 871,932,416 of them in its tower", function()
    vw.expect({ C.parameters(subject.reduce(scout, {})) }, { 108641793536, 0, 871932416 })
  end },
  { "Maverick has 401,583,781,376 parameters, a mixture in every other layer", function()
    local form = subject.reduce(maverick, {})
    vw.expect((C.parameters(form)), 401583781376)
    vw.expect(C.groups(form), { ["chunked-dense"] = 24, ["chunked-moe"] = 12, ["full-moe"] = 12 })
  end },
  { "every fourth layer sees everything, the others chunks of 8192 tokens", function()
    local form = subject.reduce(scout, {})
    vw.expect(C.groups(form), { ["chunked-moe"] = 36, ["full-moe"] = 12 })
    vw.expect(C.group(form, "full-moe").layers[1], 3)
    vw.expect(C.group(form, "chunked-moe").attention.window_tokens, 8192)
    vw.expect(form.max_context_tokens, 10485760)
  end },
  { "a list of layers without rope wins over the interval", function()
    local flags = {}
    for index = 1, 48 do flags[index] = index <= 2 and 0 or 1 end
    vw.expect(C.groups(subject.reduce(with_text { no_rope_layers = flags }, {})),
      { ["full-moe"] = 2, ["chunked-moe"] = 46 })
  end },
  { "an image is at most 17 tiles of 144 tokens", function()
    vw.expect(subject.reduce(scout, {}).towers[1].max_tokens_per_item, 2448)
  end },
  { "the text model alone has no tower", function()
    local alone = C.with(text, { architectures = { "Llama4ForCausalLM" } })
    vw.expect({ C.parameters(subject.reduce(alone, {})) }, { 107769861120, 0, 0 })
  end },
  { "a chunk of 0 is refused", function()
    vw.expect(vw.fails(function() subject.reduce(with_text { attention_chunk_size = 0 }, {}) end),
      "attention_chunk_size is 0, expected a whole number from 1 to 1000000000")
  end },
}
