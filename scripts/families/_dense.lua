-- Decoder layers with rotary positions and one feed-forward: what Llama and its many relatives share, and a table of
-- how each differs. Used by llama.lua and by the vision-language families, whose text models are among these.
local B = require("_blocks")

local D = {}

-- Fields of a trait, all optional: norms (names per layer), norm_bias, qkv_bias and o_bias and mlp_bias (true, or the
-- key of the config that says so), bias_default (for such keys), qk_norm, gated (true), window (rule of B.windows),
-- qkv / o / gate_up / up / down (names), prefix and layer_prefix, ends (names for B.ends), tied, partial_rotary
-- (default of partial_rotary_factor), final_norm = false.
local two_norms = { "input_layernorm", "post_attention_layernorm" }
local post_norms = { "post_attention_layernorm", "post_feedforward_layernorm" }
local glm_norms = { "input_layernorm", "post_attention_layernorm", "post_self_attn_layernorm", "post_mlp_layernorm" }
local fused = { qkv = { "self_attn.qkv_proj" }, gate_up = { "mlp.gate_up_proj" } }

D.TRAITS = {
  LlamaForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", mlp_bias = "mlp_bias" },
  MistralForCausalLM = { window = "all" },
  Qwen2ForCausalLM = { qkv_bias = true, window = "qwen" },
  Qwen3ForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", qk_norm = "head", window = "qwen" },
  Phi3ForCausalLM = { qkv = fused.qkv, gate_up = fused.gate_up, window = "all" },
  GraniteForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", mlp_bias = "mlp_bias", tied = true },
  OlmoForCausalLM = { norms = {}, final_norm = false, qkv_bias = "attention_bias", o_bias = "attention_bias" },
  Olmo2ForCausalLM = { norms = post_norms, qk_norm = "full", qkv_bias = "attention_bias", o_bias = "attention_bias" },
  Olmo3ForCausalLM = { norms = post_norms, qk_norm = "full", qkv_bias = "attention_bias", o_bias = "attention_bias",
    window = 4 },
  SmolLM3ForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", mlp_bias = "mlp_bias", tied = true,
    window = "qwen" },
  InternLMForCausalLM = { qkv_bias = "bias", o_bias = "bias", bias_default = true },
  InternLM2ForCausalLM = { qkv_bias = "bias", o_bias = "bias", norms = { "attention_norm", "ffn_norm" },
    qkv = { "attention.wqkv" }, o = { "attention.wo" }, gate_up = { "feed_forward.w1", "feed_forward.w3" },
    down = { "feed_forward.w2" }, ends = { embedding = "model.tok_embeddings", head = "output" } },
  InternLM3ForCausalLM = { qkv_bias = "qkv_bias", o_bias = "bias", mlp_bias = "bias" },
  ExaoneForCausalLM = { norms = { "ln_1", "ln_2" }, layer_prefix = "transformer.h.*.",
    qkv = { "attn.attention.q_proj", "attn.attention.k_proj", "attn.attention.v_proj" },
    o = { "attn.attention.out_proj" }, gate_up = { "mlp.c_fc_0", "mlp.c_fc_1" }, down = { "mlp.c_proj" },
    ends = { embedding = "transformer.wte", norm = "transformer.ln_f" } },
  Exaone4ForCausalLM = { norms = post_norms, qk_norm = "head" },
  BaichuanForCausalLM = { qkv = { "self_attn.W_pack" } },
  ChatGLMModel = { layer_prefix = "transformer.encoder.layers.*.", qkv_bias = "add_qkv_bias",
    o_bias = "add_bias_linear", mlp_bias = "add_bias_linear", partial_rotary = 0.5,
    qkv = { "self_attention.query_key_value" },
    o = { "self_attention.dense" }, gate_up = { "mlp.dense_h_to_4h" }, down = { "mlp.dense_4h_to_h" },
    ends = { embedding = "transformer.embedding.word_embeddings", norm = "transformer.encoder.final_layernorm",
      head = "transformer.output_layer" } },
  GlmForCausalLM = { partial_rotary = 0.5, qkv_bias = "attention_bias", gate_up = fused.gate_up },
  Glm4ForCausalLM = { partial_rotary = 0.5, norms = glm_norms, qkv_bias = "attention_bias", gate_up = fused.gate_up },
  SeedOssForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_out_bias", mlp_bias = "mlp_bias",
    bias_default = { attention_bias = true } },
  Ernie4_5ForCausalLM = { qkv_bias = "use_bias", o_bias = "use_bias", mlp_bias = "use_bias", tied = true },
  MiMoForCausalLM = { qkv_bias = "attention_bias", bias_default = true, window = "qwen" },
  DeciLMForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", mlp_bias = "mlp_bias" },
  CohereForCausalLM = { norms = { "input_layernorm" }, qkv_bias = "attention_bias", o_bias = "attention_bias",
    tied = true },
  Cohere2ForCausalLM = { norms = { "input_layernorm" }, qkv_bias = "attention_bias", o_bias = "attention_bias",
    tied = true, window = "pattern" },
}
local T = D.TRAITS
T.Ministral3ForCausalLM, T.AquilaForCausalLM, T.XverseForCausalLM = T.MistralForCausalLM, {}, {}
T.AquilaModel, T.BaiChuanForCausalLM = T.AquilaForCausalLM, T.BaichuanForCausalLM
T.ChatGLMForConditionalGeneration = T.ChatGLMModel

-- Text models of vision-language checkpoints are named by model_type only.
D.BY_MODEL_TYPE = { llama = T.LlamaForCausalLM, mistral = T.MistralForCausalLM, ministral3 = T.MistralForCausalLM,
  qwen2 = T.Qwen2ForCausalLM, qwen3 = T.Qwen3ForCausalLM, phi3 = T.Phi3ForCausalLM, granite = T.GraniteForCausalLM,
  smollm3 = T.SmolLM3ForCausalLM, olmo2 = T.Olmo2ForCausalLM, internlm2 = T.InternLM2ForCausalLM }

-- The trait that a config asks for: by its architecture, else by its model_type.
function D.trait(config)
  local architecture = B.architecture(config)
  return T[architecture] or D.BY_MODEL_TYPE[config.model_type] or
    B.fail("no dense decoder is known for architecture '%s' and model_type '%s'", architecture,
      tostring(config.model_type or "none"))
end

-- A bias switch: true, false, or the key of the config that says so.
local function switched(m, trait, switch)
  if type(switch) ~= "string" then return switch or false end
  local value = m.config[switch]
  if value ~= nil then return value == true end
  local default = trait.bias_default
  if type(default) == "table" then return default[switch] or false end
  return default or false
end

-- How B.attention is asked for a layer of this trait.
function D.attention_spec(m, trait, kind, window)
  return { kind = kind, window = window, bias = switched(m, trait, trait.qkv_bias),
    o_bias = switched(m, trait, trait.o_bias), qk_norm = trait.qk_norm, qkv = trait.qkv, o = trait.o }
end

function D.dense_spec(m, trait)
  return { bias = switched(m, trait, trait.mlp_bias), gated = trait.gated, gate_up = trait.gate_up, down = trait.down }
end

-- Every layer alike but for its window. `extra(layer, index)` may add to one.
function D.layers(m, trait, extra)
  local rule = trait.window == "pattern" and (m.config.sliding_window_pattern or 4) or trait.window or "none"
  local windows = B.windows(m, rule)
  B.layers(m, function(layer, index)
    B.norms(layer, trait.norms or two_norms, { bias = trait.norm_bias })
    local kind, window = windows(index)
    B.attention(layer, D.attention_spec(m, trait, kind, window))
    B.dense(layer, D.dense_spec(m, trait))
    if extra then extra(layer, index) end
  end, { alike = not extra and windows or nil })
end

-- Options of B.begin that a trait asks for.
function D.begin_options(trait) return { tied = trait.tied, layer_prefix = trait.layer_prefix } end

function D.ends(m, trait)
  local names = {}
  for key, value in pairs(trait.ends or {}) do names[key] = value end
  if trait.final_norm == false then names.norm = false end
  B.ends(m, names)
end

return D
