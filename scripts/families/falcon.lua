-- Falcon: parallel attention and feed-forward, one shared key-value head in the small models, groups in the large.
local B = require("_blocks")

-- One key-value head for multi_query, the config's number for the new decoder, else one per head
-- (transformers, models/falcon/configuration_falcon.py and modeling_falcon.py).
local function kv_heads_of(config)
  if config.new_decoder_architecture == true then return nil end
  if config.multi_query ~= false then return 1 end
  return B.dimension(config, "heads")
end

local function norms_of(config)
  local two = config.new_decoder_architecture == true and config.num_ln_in_parallel_attn ~= 1
  if two then return { "ln_attn", "ln_mlp" } end
  if config.parallel_attn ~= false then return { "input_layernorm" } end
  return { "input_layernorm", "post_attention_layernorm" }
end

local function reduce(config, checkpoint)
  local text = B.text(config)
  local m = B.begin("falcon", config, checkpoint, { tied = true, layer_prefix = "transformer.h.*.",
    kv_heads = kv_heads_of(text) })
  local norms, bias = norms_of(text), text.bias == true
  local width = B.dimension(text, "intermediate", 4 * m.hidden)
  B.layers(m, function(layer)
    B.norms(layer, norms, { bias = true })
    B.attention(layer, { bias = bias, o_bias = bias, qkv = { "self_attention.query_key_value" },
      o = { "self_attention.dense" } })
    B.dense(layer, { intermediate = width, gated = false, bias = bias, up = { "mlp.dense_h_to_4h" },
      down = { "mlp.dense_4h_to_h" } })
  end)
  if text.alibi ~= true then B.rope(m) end
  B.ends(m, { embedding = "transformer.word_embeddings", norm = "transformer.ln_f", norm_bias = true })
  return B.finish(m)
end

return vw.family {
  id = "falcon",
  summary = "Falcon 7B, 40B, 180B and their small relatives",
  sources = { "vllm/model_executor/models/falcon.py", "transformers, models/falcon/modeling_falcon.py",
    "https://huggingface.co/tiiuae/falcon-7b/blob/main/config.json" },
  architectures = { "FalconForCausalLM", "RWForCausalLM" },
  reduce = reduce,
}
