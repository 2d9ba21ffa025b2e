-- Llama 3.2 Vision: a Llama decoder with cross-attention layers that read the image, and a tiled vision tower.
local B = require("_blocks")
local V = require("_vision")

local EXTRA_EMBEDDINGS = 8  -- rows of the embedding behind the vocabulary (modeling_mllama.py: embed_tokens)

local function cross_layers(m)
  local cross = {}
  for _, index in ipairs(B.object(m.config, "cross_attention_layers")) do cross[index] = true end
  return cross
end

local function add_cross_attention(layer)
  B.attention(layer, { kind = "cross", norms_elsewhere = true, qkv = { "cross_attn.q_proj", "cross_attn.k_proj",
    "cross_attn.v_proj" }, o = { "cross_attn.o_proj" } })
  B.norms(layer, { "cross_attn.q_norm", "cross_attn.k_norm" }, { width = layer.model.head_dim })
  B.matrix(layer, "other", 1, 1, "none", { "cross_attn_attn_gate", "cross_attn_mlp_gate" }, { copies = 2 })
  layer.attention.qk_norm, layer.attention.causal = "head", false
end

local function reduce(config, checkpoint)
  local m = B.begin("mllama", config, checkpoint, { prefix = "language_model.model." })
  local cross = cross_layers(m)
  B.layers(m, function(layer, index)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    if cross[index] then add_cross_attention(layer) else B.attention(layer, {}) end
    B.dense(layer, {})
  end)
  B.rope(m)
  B.matrix(m, "embedding", m.vocab + EXTRA_EMBEDDINGS, m.hidden, "vocabulary", { "model.embed_tokens" })
  B.norms(m, { "model.norm" })
  if not m.tied then B.matrix(m, "head", m.vocab, m.hidden, "vocabulary", { "lm_head" }) end
  m.ended = true
  if type(config.vision_config) == "table" then V.mllama(m, config.vision_config) end
  return B.finish(m)
end

return vw.family {
  id = "mllama",
  summary = "Llama 3.2 Vision: cross-attention to a tiled vision tower",
  sources = { "vllm/model_executor/models/mllama.py", "transformers, models/mllama/modeling_mllama.py",
    "https://huggingface.co/meta-llama/Llama-3.2-11B-Vision-Instruct/blob/main/config.json" },
  architectures = { "MllamaForConditionalGeneration" },
  reduce = reduce,
}
