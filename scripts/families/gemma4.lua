-- Gemma 4: sliding layers with small heads, full layers with large ones whose values are their keys, and in the
-- mixture models experts beside the ordinary feed-forward of every layer.
local B = require("_blocks")
local V = require("_vision")

local NORMS = { "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm",
  "post_feedforward_layernorm" }

local function every_sixth_full(index) return (index + 1) % 6 == 0 and "full" or "sliding" end

local function head_norms(layer, width)
  B.norms(layer, { "self_attn.q_norm", "self_attn.k_norm" }, { width = width })
end

-- Full layers: their own head size and number of key-value heads. The checkpoint has no values for them; vLLM loads the
-- keys' weights a second time in their place (vllm/model_executor/models/gemma4.py).
local function full_attention(layer)
  local m, c = layer.model, layer.model.config
  local width = B.dimension(c, { what = "", "global_head_dim", most = 100000 }, m.head_dim)
  local shared = c.attention_k_eq_v == true
  local kv_heads = shared and B.dimension(c, { what = "", "num_global_key_value_heads", most = 100000 }, m.kv_heads)
    or m.kv_heads
  B.attention(layer, { kind = "full", key_dim = width, kv_heads = kv_heads, shared_kv = shared, qk_norm = "head" })
  if shared then
    B.matrix(layer, "v", kv_heads * width, m.hidden, "kv-heads", { "self_attn.v_proj" }, { buffer = true })
  end
end

-- The experts' branch runs beside the dense one and has norms of its own; the router scales its input and the experts.
local function add_experts(layer)
  local m, c = layer.model, layer.model.config
  local dense = layer.feed_forward.intermediate_size
  local experts = B.dimension(c, "experts")
  B.moe(layer, { experts = experts, per_token = B.dimension(c, "experts_per_token"),
    intermediate = B.dimension(c, { what = "intermediate size of an expert", "moe_intermediate_size",
      "expert_intermediate_size", most = 10000000 }), router = "router.proj", experts_name = "experts.*." })
  layer.feed_forward.shared_experts, layer.feed_forward.shared_intermediate_size = 1, dense
  B.norms(layer, { "pre_feedforward_layernorm_2", "post_feedforward_layernorm_1", "post_feedforward_layernorm_2" })
  B.matrix(layer, "other", m.hidden, 1, "none", { "router.scale" })
  B.matrix(layer, "other", experts, 1, "none", { "router.per_expert_scale" })
end

-- Per-layer embeddings of the small models: a table read per layer, and a gate and a projection in each layer.
local function add_per_layer_inputs(layer, width)
  local hidden = layer.model.hidden
  B.matrix(layer, "other", width, hidden, "none", { "per_layer_input_gate" })
  B.matrix(layer, "other", hidden, width, "none", { "per_layer_projection" })
  B.norms(layer, { "post_per_layer_input_norm" })
end

local function add_per_layer_tables(m, width)
  local rows = B.dimension(m.config, { what = "", "vocab_size_per_layer_input", most = 100000000 }, m.vocab)
  B.matrix(m, "embedding", rows, m.layers * width, "vocabulary", { "model.embed_tokens_per_layer" })
  B.matrix(m, "other", m.layers * width, m.hidden, "none", { "model.per_layer_model_projection" })
  B.norms(m, { "model.per_layer_projection_norm" }, { width = width })
end

local function add_layer(layer, kind, window, per_layer)
  B.norms(layer, NORMS)
  if kind == "full" then
    full_attention(layer)
  else
    B.attention(layer, { kind = "sliding", window = window, qk_norm = "head" })
  end
  B.dense(layer, {})
  if layer.model.config.enable_moe_block == true then add_experts(layer) end
  if per_layer > 0 then add_per_layer_inputs(layer, per_layer) end
  B.matrix(layer, "other", 1, 1, "none", { "layer_scalar" }, { buffer = true })
end

-- The last layers of the small models reuse the keys and values of earlier ones.
local function share_last_layers(m, index, layer)
  local shared = B.dimension(m.config, { what = "", "num_kv_shared_layers", most = 1000, least = 0 }, 0)
  if index >= m.layers - shared then layer.attention.kind = "shared" end
end

local function note_unverified(m, root)
  if m.per_layer > 0 then m.estimated = true end
  if type(root.audio_config) == "table" then
    m.estimated = true
    m.unmodelled[#m.unmodelled + 1] = "audio tower"
  end
end

local function add_vision(m, root)
  local tokens = B.dimension(root, { what = "", "vision_soft_tokens_per_image", most = 1000000 }, 280)
  V.gemma4(m, root.vision_config, tokens)
end

local function reduce(config, checkpoint)
  local m = B.begin("gemma4", config, checkpoint, { tied = true, prefix = "model.language_model." })
  m.per_layer = B.dimension(m.config, { what = "", "hidden_size_per_layer_input", most = 1000000, least = 0 }, 0)
  local kind, window = B.layer_kinds(m, every_sixth_full), B.window(m)
  B.layers(m, function(layer, index)
    add_layer(layer, window and kind(index) or "full", window, m.per_layer)
    share_last_layers(m, index, layer)
  end)
  if m.per_layer > 0 then add_per_layer_tables(m, m.per_layer) end
  B.rope(m, { width = m.config.global_head_dim or m.head_dim, scaling = B.rope_scaling(m.config, "full_attention") })
  B.rope(m, { width = m.head_dim, scaling = B.rope_scaling(m.config, "sliding_attention") })
  if type(config.vision_config) == "table" then add_vision(m, config) end
  note_unverified(m, config)
  return B.finish(m)
end

return vw.family {
  id = "gemma4",
  summary = "Gemma 4, dense and mixture of experts, text and images",
  sources = { "vllm/model_executor/models/gemma4.py, gemma4_mm.py", "transformers, models/gemma4/modeling_gemma4.py",
    "https://huggingface.co/google/gemma-4-26B-A4B/blob/main/config.json" },
  architectures = { "Gemma4ForConditionalGeneration", "Gemma4ForCausalLM" },
  reduce = reduce,
}
