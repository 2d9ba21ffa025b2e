-- A model family: config.json to numbers. Read families/README.md and the head of families/_blocks.lua of the
-- installed scripts; this one stands alone.
local function matrix(role, outputs, inputs, split, stored_as)
  return { role = role, outputs = outputs, inputs = inputs, split = split, stored_as = stored_as }
end

local function whole(config, key)
  local value = config[key]
  if math.type(value) ~= "integer" or value < 1 or value > 1000000 then
    error(string.format("%s is %s, expected a whole number from 1 to 1000000", key, tostring(value)), 0)
  end
  return value
end

local function layer_matrices(shape, stored_as)
  return {
    matrix("qkv", (shape.heads + 2 * shape.kv_heads) * shape.head_dim, shape.hidden, "kv-heads", stored_as),
    matrix("o", shape.hidden, shape.heads * shape.head_dim, "rows", stored_as),
    matrix("gate_up", 2 * shape.intermediate, shape.hidden, "columns", stored_as),
    matrix("down", shape.hidden, shape.intermediate, "rows", stored_as),
    { role = "norm", outputs = shape.hidden, copies = 2, stored_as = "bf16" },
  }
end

local function reduce(config, checkpoint)
  local shape = { hidden = whole(config, "hidden_size"), heads = whole(config, "num_attention_heads"),
    kv_heads = whole(config, "num_key_value_heads"), intermediate = whole(config, "intermediate_size") }
  shape.head_dim = config.head_dim or shape.hidden // shape.heads
  local vocab, context = whole(config, "vocab_size"), whole(config, "max_position_embeddings")
  local layers = {}
  for index = 1, whole(config, "num_hidden_layers") do layers[index] = index - 1 end
  return {
    family = "${id}", hidden_size = shape.hidden, vocab_size = vocab, max_context_tokens = context,
    tied_embeddings = false, model_dtype = "bf16", layers = #layers, attention_heads = shape.heads,
    kv_heads = shape.kv_heads, head_dim = shape.head_dim,
    groups = { {
      name = "decoder", role = "target", layers = layers,
      attention = { kind = "full", query_heads = shape.heads, kv_heads = shape.kv_heads, key_dim = shape.head_dim,
        value_dim = shape.head_dim, qk_norm = "none" },
      feed_forward = { kind = "dense", intermediate_size = shape.intermediate, gated = true },
      matrices = layer_matrices(shape, checkpoint.format or "bf16"),
    } },
    matrices = {
      matrix("embedding", vocab, shape.hidden, "vocabulary", "bf16"),
      matrix("head", vocab, shape.hidden, "vocabulary", "bf16"),
      matrix("norm", shape.hidden, 1, "none", "bf16"),
    },
    rope = { { rows = context, width = shape.head_dim } }, towers = vw.list {},
  }
end

return vw.family {
  id = "${id}", summary = "a decoder of my own", sources = { "where the shapes were read" },
  architectures = { "MyDecoderForCausalLM" },  -- config.architectures that this family takes
  reduce = reduce,
}
