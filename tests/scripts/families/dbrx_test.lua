local C = require "_counts"

-- databricks/dbrx-instruct
local dbrx = { architectures = { "DbrxForCausalLM" }, attn_config = { clip_qkv = 8, kv_n_heads = 8 }, d_model = 6144,
  ffn_config = { ffn_hidden_size = 10752, moe_num_experts = 16, moe_top_k = 4 }, max_seq_len = 32768, n_heads = 48,
  n_layers = 40, tie_word_embeddings = false, torch_dtype = "bfloat16", vocab_size = 100352 }

return {
  { "DBRX has 131,596,523,520 parameters", function()
    local form = subject.reduce(dbrx, {})
    vw.expect((C.parameters(form)), 131596523520)
    vw.expect({ form.kv_heads, form.head_dim, form.max_context_tokens }, { 8, 128, 32768 })
    vw.expect(C.group(form, "full-moe").feed_forward.experts_per_token, 4)
  end },
  { "without ffn_config the experts are missed", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(dbrx, { ffn_config = false }), {}) end),
      "config has no number of experts (looked for moe_num_experts)")
  end },
}
