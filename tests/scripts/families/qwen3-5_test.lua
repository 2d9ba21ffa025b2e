local C = require "_counts"

local tower = { depth = 27, hidden_size = 1152, intermediate_size = 4304, in_channels = 3, num_heads = 16,
  num_position_embeddings = 2304, patch_size = 16, spatial_merge_size = 2, temporal_patch_size = 2 }

local function linear(value_heads)
  return { full_attention_interval = 4, head_dim = 256, linear_conv_kernel_dim = 4, linear_key_head_dim = 128,
    linear_num_key_heads = 16, linear_num_value_heads = value_heads, linear_value_head_dim = 128,
    mamba_ssm_dtype = "float32", max_position_embeddings = 262144, mtp_num_hidden_layers = 1, vocab_size = 248320,
    attn_output_gate = true, dtype = "bfloat16",
    rope_parameters = { rope_type = "default", mrope_section = { 11, 11, 10 }, partial_rotary_factor = 0.25 } }
end

-- Qwen/Qwen3.5-27B
local dense = { architectures = { "Qwen3_5ForConditionalGeneration" }, model_type = "qwen3_5",
  tie_word_embeddings = false, vision_config = C.with(tower, { out_hidden_size = 5120 }),
  text_config = C.with(linear(48), { hidden_size = 5120, intermediate_size = 17408, num_attention_heads = 24,
    num_hidden_layers = 64, num_key_value_heads = 4 }) }

-- Qwen/Qwen3.5-35B-A3B
local sparse = { architectures = { "Qwen3_5MoeForConditionalGeneration" }, model_type = "qwen3_5_moe",
  tie_word_embeddings = false, vision_config = C.with(tower, { out_hidden_size = 2048 }),
  text_config = C.with(linear(32), { hidden_size = 2048, num_attention_heads = 16, num_hidden_layers = 40,
    num_key_value_heads = 2, num_experts = 256, num_experts_per_tok = 8, moe_intermediate_size = 512,
    shared_expert_intermediate_size = 512 }) }

return {
  { "Qwen3.5-27B has 27,356,728,560 parameters with its tower, its predictor apart", function()
    vw.expect({ C.parameters(subject.reduce(dense, {})) }, { 27356728560, 424699392, 460730096 })
  end },
  { "Qwen3.5-35B-A3B has 35,107,181,936 parameters with its tower, its predictor apart", function()
    vw.expect({ C.parameters(subject.reduce(sparse, {})) }, { 35107181936, 844640768, 446571248 })
  end },
  { "three delta nets stand to one attention", function()
    vw.expect(C.groups(subject.reduce(dense, {})),
      { ["gated-delta-dense"] = 48, ["full-dense"] = 16, ["mtp-full-dense"] = 1 })
  end },
  { "the recurrence is kept in 32 bit as the config declares", function()
    local state = C.group(subject.reduce(dense, {}), "gated-delta-dense").state
    vw.expect({ state.conv_dtype, state.state_dtype, state.value_heads, state.key_heads }, { "bf16", "fp32", 48, 16 })
  end },
  { "multimodal rotation keeps four tables of a quarter of the head", function()
    vw.expect(subject.reduce(dense, {}).rope, { { rows = 262144, width = 64, copies = 4 } })
  end },
  { "the largest image is what the processor allows", function()
    vw.expect(subject.reduce(dense, {}).towers[1].max_tokens_per_item, 16384)
    local small = { preprocessor_config = { size = { longest_edge = 1048576 } } }
    vw.expect(subject.reduce(dense, small).towers[1].max_tokens_per_item, 1024)
  end },
  { "a list of formats stores each matrix in its own, the tower and the rest in 16 bit", function()
    local at = "model.language_model.layers.*."
    local form = subject.reduce(dense, { format = "modelopt-mixed", quantization_config = { quantized_layers = {
      [at .. "linear_attn.in_proj_qkv"] = { quant_algo = "FP8" },
      [at .. "mlp.gate_proj"] = { quant_algo = "W4A16_NVFP4" },
      [at .. "mlp.down_proj"] = { quant_algo = "NVFP4" } } } })
    local stored = C.stored(C.group(form, "gated-delta-dense").matrices)
    vw.expect({ stored.state_in, stored.state_gates, stored.gate_up, stored.down, stored.state_out },
      { "fp8", "bf16", "nvfp4", "nvfp4", "bf16" })
    vw.expect(C.stored(form.towers[1].matrices).tower_qkv, "bf16")
  end },
  { "the text model alone is accepted", function()
    local config = C.with(dense.text_config, { architectures = { "Qwen3_5ForCausalLM" }, tie_word_embeddings = false })
    vw.expect((C.parameters(subject.reduce(config, {}))), 27356728560 - 460730096)
  end },
  { "a tower without a depth is refused", function()
    local config = C.with(dense, { vision_config = C.with(dense.vision_config, { depth = false }) })
    vw.expect(vw.fails(function() subject.reduce(config, {}) end), "config has no vision depth (looked for depth)")
  end },
}
