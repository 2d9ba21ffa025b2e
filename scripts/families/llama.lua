-- Dense decoders with rotary positions and a gated feed-forward: Llama and its relatives (traits in _dense.lua).
local B = require("_blocks")
local D = require("_dense")

-- Baichuan 7B rotates, its larger models use ALiBi (vllm/model_executor/models/baichuan.py).
local function has_rope(m, architecture)
  return not (architecture == "BaichuanForCausalLM" and m.hidden ~= 4096)
end

-- ChatGLM counts key-value heads under its own name, and only with multi-query attention.
local function chatglm(config)
  return { kv_heads = config.multi_query_attention and
      B.dimension(config, { what = "number of key-value groups", "multi_query_group_num", most = 100000 }) or nil,
    head_dim = B.dimension(config, { what = "head size", "kv_channels", most = 100000 }, false) }
end

-- CohereLayerNorm of queries and keys has weights for every head (transformers, models/cohere/modeling_cohere.py).
local function cohere_qk_norm(layer)
  local m = layer.model
  if m.config.use_qk_norm ~= true then return end
  B.norms(layer, { "self_attn.q_norm" }, { width = m.heads * m.head_dim, split = "columns" })
  B.norms(layer, { "self_attn.k_norm" }, { width = m.kv_heads * m.head_dim, split = "columns" })
  layer.attention.qk_norm = "full"
end

-- Exaone 4 writes its pattern as letters: "LLLG" is three local layers and a global one; the last layer is global.
local function exaone4_window(m)
  local pattern = m.config.sliding_window_pattern
  if type(pattern) ~= "string" then return pattern or 4 end
  return function(index)
    local letter = pattern:sub(index % #pattern + 1, index % #pattern + 1)
    return letter == "L" and index ~= m.layers - 1 and "sliding" or "full"
  end
end

-- MiMo appends layers that predict further tokens (vllm/model_executor/models/mimo_mtp.py).
local function mimo_mtp(m, trait)
  local count = B.dimension(m.config, { what = "", "num_nextn_predict_layers", most = 1000, least = 0 }, 0)
  B.layers(m, function(layer)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm", "token_layernorm", "hidden_layernorm",
      "final_layernorm" })
    B.matrix(layer, "other", m.hidden, 2 * m.hidden, "none", { "input_proj" })
    B.attention(layer, D.attention_spec(m, trait, "full"))
    B.dense(layer, D.dense_spec(m, trait))
  end, { first = m.layers, count = count, role = "mtp", prefix = "model.mtp_layers.*." })
end

local SPECIAL = {
  ChatGLMModel = { options = chatglm },
  Exaone4ForCausalLM = { window = exaone4_window },
  CohereForCausalLM = { extra = cohere_qk_norm },
  MiMoForCausalLM = { after = mimo_mtp },
}
SPECIAL.ChatGLMForConditionalGeneration = SPECIAL.ChatGLMModel

local function copy(from, into)
  for key, value in pairs(from) do into[key] = value end
  return into
end

local function reduce(config, checkpoint)
  local text = B.text(config)
  local trait = D.trait(text)
  local architecture = B.architecture(text)
  local special = SPECIAL[architecture] or {}
  local options = D.begin_options(trait)
  if special.options then options = copy(special.options(text), options) end
  options.text = text
  local m = B.begin("llama", config, checkpoint, options)
  if special.window then trait = copy({ window = special.window(m) }, copy(trait, {})) end
  D.layers(m, trait, special.extra)
  if special.after then special.after(m, trait) end
  if has_rope(m, architecture) then B.rope(m, { partial = trait.partial_rotary }) end
  D.ends(m, trait)
  return B.finish(m)
end

return vw.family {
  id = "llama",
  summary = "dense decoders with rotary positions and a gated feed-forward: Llama, Mistral, Qwen2, Qwen3, Phi-3, GLM-4",
  sources = {
    "vllm/model_executor/models/llama.py, qwen2.py, qwen3.py, phi3.py, olmo2.py, exaone4.py, chatglm.py, commandr.py",
    "transformers, models/*/modeling_*.py and configuration_*.py of the same architectures",
    "https://huggingface.co/meta-llama/Llama-3.1-8B/blob/main/config.json",
  },
  architectures = { "LlamaForCausalLM", "MistralForCausalLM", "Ministral3ForCausalLM", "Qwen2ForCausalLM",
    "Qwen3ForCausalLM", "Phi3ForCausalLM", "GraniteForCausalLM", "OlmoForCausalLM", "Olmo2ForCausalLM",
    "Olmo3ForCausalLM", "SmolLM3ForCausalLM", "InternLMForCausalLM", "InternLM2ForCausalLM", "InternLM3ForCausalLM",
    "ExaoneForCausalLM", "Exaone4ForCausalLM", "BaichuanForCausalLM", "BaiChuanForCausalLM", "ChatGLMModel",
    "ChatGLMForConditionalGeneration", "GlmForCausalLM", "Glm4ForCausalLM", "SeedOssForCausalLM",
    "Ernie4_5ForCausalLM", "MiMoForCausalLM", "CohereForCausalLM", "Cohere2ForCausalLM", "AquilaModel",
    "AquilaForCausalLM", "XverseForCausalLM" },
  reduce = reduce,
}
