local C = require "_counts"

local kinds = {}
for layer = 1, 40 do kinds[layer] = layer % 10 == 6 and "attention" or "mamba" end

-- ibm-granite/granite-4.0-h-tiny
local tiny = {
  architectures = { "GraniteMoeHybridForCausalLM" }, model_type = "granitemoehybrid", dtype = "bfloat16",
  hidden_size = 1536, num_hidden_layers = 40, num_attention_heads = 12, num_key_value_heads = 4,
  intermediate_size = 512, vocab_size = 100352, max_position_embeddings = 131072, tie_word_embeddings = true,
  layer_types = kinds, mamba_conv_bias = true, mamba_d_conv = 4, mamba_d_head = 64, mamba_d_state = 128,
  mamba_expand = 2, mamba_n_groups = 1, mamba_n_heads = 48, num_experts_per_tok = 6, num_local_experts = 64,
  shared_intermediate_size = 1024,
}

-- ibm-granite/granite-4.0-h-micro
local micro = C.with(tiny, { hidden_size = 2048, num_attention_heads = 32, num_key_value_heads = 8,
  intermediate_size = 8192, shared_intermediate_size = 8192, mamba_n_heads = 64, num_experts_per_tok = 0,
  num_local_experts = 0 })

return {
  { "granite-4.0-h-tiny has 6,939,037,248 parameters", function()
    vw.expect({ C.parameters(subject.reduce(tiny, {})) }, { 6939037248, 0, 0 })
  end },
  { "granite-4.0-h-micro has 3,191,396,096 parameters and no experts", function()
    local form = subject.reduce(micro, {})
    vw.expect({ C.parameters(form) }, { 3191396096, 0, 0 })
    vw.expect(C.groups(form), { ["mamba2-dense"] = 36, ["full-dense"] = 4 })
  end },
  { "experts run beside a shared feed-forward", function()
    vw.expect(C.group(subject.reduce(tiny, {}), "full-moe").feed_forward, { kind = "moe", intermediate_size = 512,
      gated = true, experts = 64, experts_per_token = 6, shared_experts = 1, shared_intermediate_size = 1024 })
  end },
  { "only members without Mamba rotate", function()
    vw.expect(subject.reduce(tiny, {}).rope, {})
    local attends = {}
    for layer = 1, 40 do attends[layer] = "attention" end
    vw.expect(subject.reduce(C.with(micro, { layer_types = attends }), {}).rope, { { rows = 131072, width = 64 } })
  end },
  { "a list of layers that is too short is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(tiny, { layer_types = { "mamba" } }), {}) end),
      "layer_types names 1 layers, expected 40")
  end },
}
