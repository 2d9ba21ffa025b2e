local C = require "_counts"

-- nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16
local nano = {
  architectures = { "NemotronHForCausalLM" }, model_type = "nemotron_h", torch_dtype = "bfloat16", hidden_size = 2688,
  num_hidden_layers = 52, num_attention_heads = 32, num_key_value_heads = 2, head_dim = 128, intermediate_size = 1856,
  vocab_size = 131072, max_position_embeddings = 262144, tie_word_embeddings = false, chunk_size = 128,
  conv_kernel = 4, expand = 2, hybrid_override_pattern = "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME",
  mamba_head_dim = 64, mamba_num_heads = 64, mamba_ssm_cache_dtype = "float32", moe_intermediate_size = 1856,
  moe_shared_expert_intermediate_size = 3712, n_groups = 8, n_routed_experts = 128, n_shared_experts = 1,
  num_experts_per_tok = 6, ssm_state_size = 128, use_bias = false, use_conv_bias = true,
}

-- nvidia/NVIDIA-Nemotron-3-Super-120B-A12B-FP8
local super = C.with(nano, { hidden_size = 4096, num_hidden_layers = 88, mamba_num_heads = 128,
  hybrid_override_pattern = "MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME",
  intermediate_size = 2688, moe_intermediate_size = 2688, moe_latent_size = 1024,
  moe_shared_expert_intermediate_size = 5376, n_routed_experts = 512, num_experts_per_tok = 22,
  mtp_hybrid_override_pattern = "*E", num_nextn_predict_layers = 1 })

-- nvidia/NVIDIA-Nemotron-Nano-9B-v2
local dense = {
  architectures = { "NemotronHForCausalLM" }, model_type = "nemotron_h", hidden_size = 4480, intermediate_size = 15680,
  num_hidden_layers = 56, num_attention_heads = 40, num_key_value_heads = 8, head_dim = 128, vocab_size = 131072,
  max_position_embeddings = 131072, tie_word_embeddings = false, mamba_head_dim = 80, mamba_num_heads = 128,
  n_groups = 8, ssm_state_size = 128, conv_kernel = 4,
  hybrid_override_pattern = "M-M-M-MM-M-M-M*-M-M-M*-M-M-M-M*-M-M-M-M*-M-MM-M-M-M-M-M-",
}

return {
  { "Nemotron 3 Nano has 31,577,940,288 parameters", function()
    vw.expect({ C.parameters(subject.reduce(nano, {})) }, { 31577940288, 0, 0 })
  end },
  { "Nemotron 3 Super has 120,668,707,840 parameters with latent experts, its predictor 2,942,325,248 more", function()
    vw.expect({ C.parameters(subject.reduce(super, {})) }, { 120668707840, 2942325248, 0 })
  end },
  { "Nemotron Nano 2 has 8,888,227,328 parameters", function()
    vw.expect({ C.parameters(subject.reduce(dense, {})) }, { 8888227328, 0, 0 })
  end },
  { "every layer is one mixer", function()
    vw.expect(C.groups(subject.reduce(nano, {})), { mamba2 = 23, moe = 23, full = 6 })
    vw.expect(C.groups(subject.reduce(dense, {})), { mamba2 = 27, full = 4, dense = 25 })
  end },
  { "the recurrence is kept as the config declares, the convolution in the model's dtype", function()
    vw.expect(C.group(subject.reduce(nano, {}), "mamba2").state, { kind = "mamba2", inner = 4096, heads = 64,
      head_dim = 64, state_dim = 128, groups = 8, kernel = 4, conv_dtype = "bf16", state_dtype = "fp32", chunk = 128 })
  end },
  { "experts behind a latent projection are narrow", function()
    local group = C.group(subject.reduce(super, {}), "moe")
    local shapes = {}
    for _, matrix in ipairs(group.matrices) do
      shapes[matrix.role] = { matrix.outputs, matrix.inputs, matrix.copies }
    end
    vw.expect({ shapes.latent_in, shapes.latent_out, shapes.experts_up, shapes.experts_down },
      { { 1024, 4096, 1 }, { 4096, 1024, 1 }, { 2688, 1024, 512 }, { 1024, 2688, 512 } })
    vw.expect(group.feed_forward.gated, false)
  end },
  { "newer configs spell the mixers out and leave the number of layers to the list", function()
    local kinds = {}
    for letter in nano.hybrid_override_pattern:gmatch(".") do
      kinds[#kinds + 1] = ({ M = "mamba", E = "moe", ["*"] = "attention" })[letter]
    end
    local config = C.with(nano,
      { hybrid_override_pattern = false, num_hidden_layers = false, layers_block_type = kinds })
    vw.expect((C.parameters(subject.reduce(config, {}))), 31577940288)
  end },
  { "a list of formats stores each matrix in its own, the rest in 16 bit", function()
    local form = subject.reduce(nano, { format = "modelopt-mixed", hf_quant_config = { quantization = {
      quant_algo = "MIXED_PRECISION", quantized_layers = {
        ["backbone.layers.*.mixer.in_proj"] = { quant_algo = "FP8" },
        ["backbone.layers.*.mixer.experts.*.up_proj"] = { quant_algo = "W4A16_NVFP4" },
        ["backbone.layers.1.mixer.shared_experts.up_proj"] = { quant_algo = "NVFP4" },
        lm_head = { quant_algo = "W4A16_NVFP4" } } } } })
    local mamba = C.stored(C.group(form, "mamba2").matrices)
    vw.expect({ mamba.state_in, mamba.state_out, mamba.state_a }, { "fp8", "bf16", "fp32" })
    local first = C.stored(C.group(form, "moe").matrices)
    vw.expect({ first.experts_up, first.experts_down, first.shared_up }, { "nvfp4", "bf16", "nvfp4" })
    vw.expect(C.stored(C.group(form, "moe-2").matrices).shared_up, "bf16")
    vw.expect({ C.group(form, "moe").layers, C.stored(form.matrices).head }, { { 1 }, "nvfp4" })
  end },
  { "a pattern that is too short is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(nano, { hybrid_override_pattern = "ME*" }), {}) end),
      "the layer pattern names 3 layers, expected 52")
  end },
  { "an unknown letter is named", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(nano, { hybrid_override_pattern = "MEX" }), {}) end),
      "hybrid_override_pattern holds 'X', expected M, *, - and E")
  end },
  { "a config without a pattern is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(nano, { hybrid_override_pattern = false }), {}) end),
      "config has neither hybrid_override_pattern nor layers_block_type")
  end },
}
