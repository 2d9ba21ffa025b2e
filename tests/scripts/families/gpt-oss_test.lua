local C = require "_counts"

-- openai/gpt-oss-20b
local gpt_oss = {
  architectures = { "GptOssForCausalLM" }, attention_bias = true, head_dim = 64, hidden_size = 2880,
  intermediate_size = 2880, max_position_embeddings = 131072, num_attention_heads = 64, num_experts_per_tok = 4,
  num_hidden_layers = 24, num_key_value_heads = 8, num_local_experts = 32, sliding_window = 128,
  tie_word_embeddings = false, vocab_size = 201088,
  rope_scaling = { factor = 32.0, original_max_position_embeddings = 4096, rope_type = "yarn" },
}
local mxfp4 = { format = "mxfp4", ignore = { "model.layers.*.self_attn", "model.layers.*.mlp.router",
  "model.embed_tokens", "lm_head" }, quantization_config = { quant_method = "mxfp4" } }

return {
  { "gpt-oss 20B has 20,914,757,184 parameters", function()
    vw.expect((C.parameters(subject.reduce(gpt_oss, {}))), 20914757184)
  end },
  { "every other layer slides over 128 tokens, the first among them", function()
    local form = subject.reduce(gpt_oss, {})
    vw.expect(C.groups(form), { ["sliding-moe"] = 12, ["full-moe"] = 12 })
    vw.expect(C.group(form, "sliding-moe").layers[1], 0)
    vw.expect(C.group(form, "sliding-moe").attention.window_tokens, 128)
  end },
  { "YaRN gives 131,072 tokens and as many rows", function()
    local form = subject.reduce(gpt_oss, {})
    vw.expect({ form.max_context_tokens, form.rope[1] }, { 131072, { rows = 131072, width = 64 } })
  end },
  { "only the experts' weights are 4-bit", function()
    local stored = C.stored(C.group(subject.reduce(gpt_oss, mxfp4), "full-moe").matrices)
    vw.expect(stored, { norm = "bf16", qkv = "bf16", qkv_bias = "bf16", o = "bf16", o_bias = "bf16", sinks = "bf16",
      router = "bf16", router_bias = "bf16", experts_gate_up = "mxfp4", experts_gate_up_bias = "bf16",
      experts_down = "mxfp4", experts_down_bias = "bf16" })
  end },
  { "a list of layer types that is too short is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(gpt_oss, { layer_types = { "full_attention" } }), {}) end),
      "layer_types names 1 layers, expected 24")
  end },
}
