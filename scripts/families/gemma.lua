-- Gemma 1, 2 and 3: tied embeddings, large heads, from Gemma 2 on norms on both sides and sliding windows; Gemma 3
-- with or without its SigLIP tower. Values that config.json leaves to the configuration class are the class's.
local B = require("_blocks")
local V = require("_vision")

local two_norms = { "input_layernorm", "post_attention_layernorm" }
local four_norms = { "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm",
  "post_feedforward_layernorm" }
local function every_other(index) return index % 2 == 0 and "sliding" or "full" end

local GEMMA3 = { qk_norm = "head", norms = four_norms, window = "pattern", local_rope = true,
  defaults = { num_attention_heads = 8, num_key_value_heads = 4, head_dim = 256, vocab_size = 262208,
    max_position_embeddings = 131072, sliding_window = 4096, sliding_window_pattern = 6 } }
local TRAITS = {
  GemmaForCausalLM = { norms = two_norms, window = "none", defaults = { head_dim = 256 } },
  Gemma2ForCausalLM = { norms = four_norms, window = every_other,
    defaults = { head_dim = 256, sliding_window = 4096 } },
  Gemma3ForCausalLM = GEMMA3,
  Gemma3ForConditionalGeneration = GEMMA3,
}

-- The projector of Gemma 3 pools the patches of an image into mm_tokens_per_image tokens
-- (vllm/model_executor/models/gemma3_mm.py).
local function add_vision(m, root)
  local tokens = B.dimension(root, { what = "", "mm_tokens_per_image", most = 1000000 }, 256)
  local tower = V.siglip(m, root.vision_config, tokens)
  B.matrix(tower, "projector", m.hidden, tower.fields.hidden_size, "none", { "multi_modal_projector.mm_input_projection_weight" })
  B.norms(tower, { "multi_modal_projector.mm_soft_emb_norm" }, { width = tower.fields.hidden_size, role = "tower_norm" })
end

local function add_layers(m, trait)
  local rule = trait.window == "pattern" and m.config.sliding_window_pattern or trait.window
  local windows, bias = B.windows(m, rule), m.config.attention_bias == true
  B.layers(m, function(layer, index)
    B.norms(layer, trait.norms)
    local kind, window = windows(index)
    B.attention(layer, { kind = kind, window = window, qk_norm = trait.qk_norm, bias = bias, o_bias = bias })
    B.dense(layer, {})
  end)
end

local function reduce(config, checkpoint)
  local architecture = B.architecture(config)
  local trait = TRAITS[architecture] or B.fail("architecture '%s' is not one of this family", architecture)
  local text = B.with_defaults(B.text(config), trait.defaults)
  local m = B.begin("gemma", config, checkpoint, { text = text, tied = true })
  add_layers(m, trait)
  B.rope(m)
  if trait.local_rope then B.rope(m, { scaling = { kind = "default", factor = 1 } }) end
  if type(config.vision_config) == "table" then add_vision(m, config) end
  return B.finish(m)
end

return vw.family {
  id = "gemma",
  summary = "Gemma, Gemma 2 and Gemma 3, text and multimodal",
  sources = { "vllm/model_executor/models/gemma.py, gemma2.py, gemma3.py, gemma3_mm.py",
    "transformers, models/gemma3/configuration_gemma3.py and modeling_gemma3.py",
    "https://huggingface.co/google/gemma-3-27b-it/blob/main/config.json" },
  architectures = { "GemmaForCausalLM", "Gemma2ForCausalLM", "Gemma3ForCausalLM", "Gemma3ForConditionalGeneration" },
  reduce = reduce,
}
