-- MPT: ALiBi or learned positions, no biases unless asked for, tied embeddings.
local B = require("_blocks")

local KEYS = {
  layers = { what = "number of layers", "n_layers", most = 1000 },
  heads = { what = "number of attention heads", "n_heads", most = 100000 },
}

local function qk_norms(layer, attention)
  if attention.qk_ln ~= true then return end
  local m = layer.model
  B.norms(layer, { "attn.q_ln" }, { width = m.hidden })
  B.norms(layer, { "attn.k_ln" }, { width = m.kv_heads * m.head_dim })
  layer.attention.qk_norm = "full"
end

local function kv_heads_of(attention)
  if attention.attn_type == "multiquery_attention" then return 1 end
  return B.dimension(attention, { what = "number of key-value heads", "kv_n_heads", most = 100000 }, false)
end

local function reduce(config, checkpoint)
  local attention = B.object(config, "attn_config")
  local m = B.begin("mpt", config, checkpoint, { keys = KEYS, tied = true, kv_heads = kv_heads_of(attention),
    layer_prefix = "transformer.blocks.*." })
  local bias = config.no_bias ~= true
  local ratio = B.factor(config.expansion_ratio or 4, "expansion_ratio")
  local width = math.tointeger(math.floor(ratio * m.hidden))
  B.layers(m, function(layer)
    B.norms(layer, { "norm_1", "norm_2" }, { bias = bias })
    B.attention(layer, { bias = bias, o_bias = bias, qkv = { "attn.Wqkv" }, o = { "attn.out_proj" } })
    qk_norms(layer, attention)
    B.dense(layer, { intermediate = width, gated = false, bias = bias, up = { "ffn.up_proj" },
      down = { "ffn.down_proj" } })
  end)
  if attention.alibi ~= true and config.learned_pos_emb ~= false then
    B.matrix(m, "position_embedding", m.max_context, m.hidden, "none", { "transformer.wpe" })
  end
  B.ends(m, { embedding = "transformer.wte", norm = "transformer.norm_f", norm_bias = bias })
  return B.finish(m)
end

return vw.family {
  id = "mpt",
  summary = "MPT: ALiBi, no biases, tied embeddings",
  sources = { "vllm/model_executor/models/mpt.py", "transformers, models/mpt/modeling_mpt.py",
    "https://huggingface.co/mosaicml/mpt-7b/blob/main/config.json" },
  architectures = { "MPTForCausalLM", "MptForCausalLM" },
  reduce = reduce,
}
