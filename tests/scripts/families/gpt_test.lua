local C = require "_counts"

-- openai-community/gpt2
local gpt2 = { architectures = { "GPT2LMHeadModel" }, n_ctx = 1024, n_embd = 768, n_head = 12, n_layer = 12,
  n_positions = 1024, vocab_size = 50257 }
-- EleutherAI/pythia-1.4b
local pythia = { architectures = { "GPTNeoXForCausalLM" }, hidden_size = 2048, num_hidden_layers = 24,
  num_attention_heads = 16, intermediate_size = 8192, vocab_size = 50304, max_position_embeddings = 2048,
  tie_word_embeddings = false }
-- microsoft/phi-2
local phi = { architectures = { "PhiForCausalLM" }, hidden_size = 2560, num_hidden_layers = 32,
  num_attention_heads = 32, num_key_value_heads = 32, intermediate_size = 10240, vocab_size = 51200,
  max_position_embeddings = 2048, partial_rotary_factor = 0.4, tie_word_embeddings = false }
-- bigcode/starcoder2-3b
local starcoder = { architectures = { "Starcoder2ForCausalLM" }, hidden_size = 3072, num_hidden_layers = 30,
  num_attention_heads = 24, num_key_value_heads = 2, intermediate_size = 12288, vocab_size = 49152, use_bias = true,
  max_position_embeddings = 16384, sliding_window = 4096 }

local function counted(config) return (C.parameters(subject.reduce(config, {}))) end

return {
  { "GPT-2 has 124,439,808 parameters, its head tied and its positions learned", function()
    local form = subject.reduce(gpt2, {})
    vw.expect((C.parameters(form)), 124439808)
    vw.expect({ form.tied_embeddings, form.max_context_tokens, #form.rope }, { true, 1024, 0 })
    vw.expect(C.group(form, "full-dense").feed_forward, { kind = "dense", intermediate_size = 3072, gated = false })
  end },
  { "Pythia 1.4B has 1,414,647,808 parameters and rotates a quarter of each head", function()
    vw.expect(counted(pythia), 1414647808)
    vw.expect(subject.reduce(pythia, {}).rope, { { rows = 2048, width = 32 } })
  end },
  { "Phi-2 has 2,779,683,840 parameters, a bias of its head among them", function()
    vw.expect(counted(phi), 2779683840)
    vw.expect(C.stored(subject.reduce(phi, {}).matrices).head_bias, "bf16")
  end },
  { "StarCoder2 3B has 3,030,371,328 parameters and slides", function()
    vw.expect(counted(starcoder), 3030371328)
    vw.expect(C.groups(subject.reduce(starcoder, {})), { ["sliding-dense"] = 30 })
  end },
  { "BLOOM 560M has 559,214,592 parameters and neither positions nor rope", function()
    local bloom = { architectures = { "BloomForCausalLM" }, n_layer = 24, num_attention_heads = 16, hidden_size = 1024,
      vocab_size = 250880, seq_length = 2048 }
    vw.expect(counted(bloom), 559214592)
    vw.expect(subject.reduce(bloom, {}).rope, {})
  end },
  { "StarCoder's first models share one key-value head", function()
    local form = subject.reduce(C.with(gpt2, { architectures = { "GPTBigCodeForCausalLM" }, multi_query = true }), {})
    vw.expect({ form.kv_heads, C.group(form, "full-dense").attention.kv_heads }, { 1, 1 })
  end },
  { "an architecture of another family is refused", function()
    vw.expect(vw.fails(function() subject.reduce(C.with(gpt2, { architectures = { "Other" } }), {}) end),
      "architecture 'Other' is not one of this family")
  end },
  { "biases, norms and positions stay in 16 bit", function()
    local form = subject.reduce(gpt2, { format = "int8" })
    local stored = C.stored(C.group(form, "full-dense").matrices)
    vw.expect({ stored.up, stored.qkv, stored.qkv_bias, stored.norm, stored.norm_bias },
      { "int8", "int8", "bf16", "bf16", "bf16" })
    vw.expect(C.stored(form.matrices).position_embedding, "bf16")
  end },
}
