-- A model of which nothing is known but its number of parameters: the published shape next to that size, with as many
-- layers as make up the number.
local B = require("_blocks")

-- From the config.json of each, on huggingface.co.
local SHAPES = {
  { of = "Qwen/Qwen2.5-0.5B", hidden_size = 896, num_hidden_layers = 24, num_attention_heads = 14,
    num_key_value_heads = 2, intermediate_size = 4864, vocab_size = 151936, tie_word_embeddings = true,
    max_position_embeddings = 32768 },
  { of = "meta-llama/Llama-3.2-1B", hidden_size = 2048, num_hidden_layers = 16, num_attention_heads = 32,
    num_key_value_heads = 8, intermediate_size = 8192, vocab_size = 128256, tie_word_embeddings = true,
    max_position_embeddings = 131072 },
  { of = "meta-llama/Llama-3.2-3B", hidden_size = 3072, num_hidden_layers = 28, num_attention_heads = 24,
    num_key_value_heads = 8, intermediate_size = 8192, vocab_size = 128256, tie_word_embeddings = true,
    max_position_embeddings = 131072 },
  { of = "meta-llama/Llama-3.1-8B", hidden_size = 4096, num_hidden_layers = 32, num_attention_heads = 32,
    num_key_value_heads = 8, intermediate_size = 14336, vocab_size = 128256, max_position_embeddings = 131072 },
  { of = "Qwen/Qwen2.5-14B", hidden_size = 5120, num_hidden_layers = 48, num_attention_heads = 40,
    num_key_value_heads = 8, intermediate_size = 13824, vocab_size = 152064, max_position_embeddings = 131072 },
  { of = "Qwen/Qwen2.5-32B", hidden_size = 5120, num_hidden_layers = 64, num_attention_heads = 40,
    num_key_value_heads = 8, intermediate_size = 27648, vocab_size = 152064, max_position_embeddings = 131072 },
  { of = "meta-llama/Llama-3.1-70B", hidden_size = 8192, num_hidden_layers = 80, num_attention_heads = 64,
    num_key_value_heads = 8, intermediate_size = 28672, vocab_size = 128256, max_position_embeddings = 131072 },
  { of = "meta-llama/Llama-3.1-405B", hidden_size = 16384, num_hidden_layers = 126, num_attention_heads = 128,
    num_key_value_heads = 8, intermediate_size = 53248, vocab_size = 128256, max_position_embeddings = 131072 },
}

-- Parameters of one layer and of all that is no layer: two norms, grouped-query attention, gated feed-forward.
local function sizes(shape)
  local hidden = shape.hidden_size
  local kv_rows = hidden // shape.num_attention_heads * shape.num_key_value_heads
  local layer = 2 * hidden + 2 * hidden * hidden + 2 * kv_rows * hidden + 3 * hidden * shape.intermediate_size
  return layer, hidden + shape.vocab_size * hidden * (shape.tie_word_embeddings and 1 or 2)
end

local function total(shape)
  local layer, rest = sizes(shape)
  return layer * shape.num_hidden_layers + rest
end

-- The nearest by ratio.
local function nearest(params)
  local best, least
  for _, shape in ipairs(SHAPES) do
    local ratio = params / total(shape)
    if ratio < 1 then ratio = 1 / ratio end
    if not least or ratio < least then best, least = shape, ratio end
  end
  return best
end

local function layers_for(shape, params)
  local layer, rest = sizes(shape)
  return math.max(1, math.min(1000, math.floor((params - rest) / layer + 0.5)))
end

local function reduce(config, checkpoint)
  local params = B.factor(config.params_b, "params_b") * 1e9
  local shape = nearest(params)
  local layers = layers_for(shape, params)
  local m = B.begin("typical", B.with_defaults({ num_hidden_layers = layers }, shape), checkpoint)
  m.estimated = true
  m.unmodelled[1] = string.format("nothing but its size is known: layers shaped as in %s, %d of them", shape.of, layers)
  B.layers(m, function(layer)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    B.attention(layer, {})
    B.dense(layer, {})
  end)
  B.rope(m)
  return B.finish(m)
end

return vw.family {
  id = "typical",
  summary = "a usual shape for a number of parameters, where nothing else is known",
  sources = { "https://huggingface.co/meta-llama/Llama-3.1-8B/blob/main/config.json and those named beside each shape" },
  architectures = vw.list {},
  reduce = reduce,
}
