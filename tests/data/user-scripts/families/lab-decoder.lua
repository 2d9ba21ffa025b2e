-- A plain decoder: full attention, gated feed-forward, no biases.
local function matrix(role, outputs, inputs, split, stored_as)
  return { role = role, outputs = outputs, inputs = inputs, split = split, stored_as = stored_as }
end

local function layer_matrices(config, head_dim, weights)
  local hidden, heads, kv_heads = config.hidden_size, config.num_attention_heads, config.num_key_value_heads
  return {
    matrix("qkv", (heads + 2 * kv_heads) * head_dim, hidden, "kv-heads", weights),
    matrix("o", hidden, heads * head_dim, "rows", weights),
    matrix("gate_up", 2 * config.intermediate_size, hidden, "columns", weights),
    matrix("down", hidden, config.intermediate_size, "rows", weights),
    { role = "norm", outputs = hidden, inputs = 1, copies = 2, split = "none", stored_as = "bf16" },
  }
end

local function reduce(config, checkpoint)
  local head_dim = config.head_dim or config.hidden_size // config.num_attention_heads
  local layers = {}
  for index = 1, config.num_hidden_layers do layers[index] = index - 1 end
  return {
    family = "lab-decoder", hidden_size = config.hidden_size, vocab_size = config.vocab_size,
    max_context_tokens = config.max_position_embeddings, tied_embeddings = false, model_dtype = "bf16",
    layers = config.num_hidden_layers, attention_heads = config.num_attention_heads,
    kv_heads = config.num_key_value_heads, head_dim = head_dim,
    rope = { { rows = config.max_position_embeddings, width = head_dim } },
    groups = { {
      name = "decoder", role = "target", layers = layers,
      attention = { kind = "full", query_heads = config.num_attention_heads, kv_heads = config.num_key_value_heads,
        key_dim = head_dim, value_dim = head_dim, qk_norm = "none" },
      feed_forward = { kind = "dense", intermediate_size = config.intermediate_size, gated = true },
      matrices = layer_matrices(config, head_dim, checkpoint.format or "bf16"),
    } },
    matrices = {
      matrix("embedding", config.vocab_size, config.hidden_size, "vocabulary", "bf16"),
      matrix("head", config.vocab_size, config.hidden_size, "vocabulary", "bf16"),
      matrix("norm", config.hidden_size, 1, "none", "bf16"),
    },
    towers = vw.list {},
  }
end

return vw.family {
  id = "lab-decoder", summary = "the lab's own decoder", sources = { "invented for tests" },
  architectures = { "LabDecoderForCausalLM" }, reduce = reduce,
}
