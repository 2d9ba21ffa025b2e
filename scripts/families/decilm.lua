-- Decoders found by architecture search: every layer has its own number of key-value heads and its own feed-forward
-- width, or lacks one of the two (Nemotron Super and Ultra, DeciLM).
local B = require("_blocks")

local function round_up(value, multiple) return (value + multiple - 1) // multiple * multiple end

-- transformers_modules DeciLM, modeling_decilm.py: _ffn_mult_to_intermediate_size.
local function intermediate_of(m, multiplier)
  return round_up(math.tointeger(math.floor(2 * B.factor(multiplier, "ffn_mult") * m.hidden / 3)), 256)
end

local function attention(layer, block)
  local m = layer.model
  if block.no_op then return end
  B.norms(layer, { "input_layernorm" })
  if block.replace_with_linear then
    B.matrix(layer, "other", m.hidden, m.hidden, "columns", { "self_attn.linear_attn" })
    return
  end
  local in_group = B.whole(block.n_heads_in_group, "n_heads_in_group", m.heads)
  local bias = m.config.attention_bias == true
  local window = B.dimension(block, { what = "", "window_length", most = 1000000000 }, false) or nil
  B.attention(layer, { kv_heads = m.heads // in_group, bias = bias, o_bias = bias, window = window,
    kind = window and "sliding" or "full" })
end

local function feed_forward(layer, block)
  local m = layer.model
  if block.no_op then return end
  B.norms(layer, { "post_attention_layernorm" })
  if block.replace_with_linear then
    B.matrix(layer, "other", m.hidden, m.hidden, "columns", { "mlp.linear_mlp" })
    return
  end
  local width = block.intermediate_size or intermediate_of(m, block.ffn_mult)
  B.dense(layer, { intermediate = width, bias = m.config.mlp_bias == true })
end

-- One entry per layer: { attention, ffn }. The first DeciLM lists key-value heads only.
local function block_of(m, index)
  local blocks, heads = m.config.block_configs, m.config.num_key_value_heads_per_layer
  if type(blocks) == "table" then
    local block = blocks[index + 1]
    if type(block) ~= "table" then B.fail("block_configs has no entry for layer %d of %d", index, m.layers) end
    return B.object(block, "attention"), B.object(block, "ffn")
  end
  if type(heads) ~= "table" then
    B.fail("config has neither block_configs nor num_key_value_heads_per_layer, which say how its layers differ")
  end
  local kv_heads = B.whole(heads[index + 1], "num_key_value_heads_per_layer", m.heads)
  return { n_heads_in_group = m.heads // kv_heads }, { intermediate_size = B.intermediate(m) }
end

-- The smallest group that any layer has decides what the classic formulas take as the config's key-value heads.
local function most_kv_heads(m)
  local most = 0
  for _, group in ipairs(m.groups) do most = math.max(most, group.attention.kv_heads or 0) end
  return math.max(most, 1)
end

local function reduce(config, checkpoint)
  local m = B.begin("decilm", config, checkpoint)
  B.layers(m, function(layer, index)
    local attention_block, ffn_block = block_of(m, index)
    attention(layer, attention_block)
    feed_forward(layer, ffn_block)
  end)
  m.kv_heads = most_kv_heads(m)
  B.rope(m)
  return B.finish(m)
end

return vw.family {
  id = "decilm",
  summary = "decoders whose layers differ after architecture search: Llama-Nemotron Super and Ultra, DeciLM",
  sources = {
    "vllm/model_executor/models/nemotron_nas.py",
    "https://huggingface.co/nvidia/Llama-3_3-Nemotron-Super-49B-v1 (config.json, modeling_decilm.py)",
  },
  architectures = { "DeciLMForCausalLM" },
  reduce = reduce,
}
