-- Llama 4: chunked attention with rotary positions, every fourth layer full and without them, mixtures with one shared
-- expert in all or every other layer, and a vision tower.
local B = require("_blocks")
local V = require("_vision")

-- Which layers are mixtures: a list, or every interleave_moe_layer_step-th.
local function is_mixture(m)
  local list = m.config.moe_layers
  if type(list) == "table" then
    local mixtures = {}
    for _, index in ipairs(list) do mixtures[index] = true end
    return function(index) return mixtures[index] end
  end
  local step = B.whole(m.config.interleave_moe_layer_step or 1, "interleave_moe_layer_step", 1000)
  return function(index) return (index + 1) % step == 0 end
end

-- Layers without rotary positions see everything, the others one chunk
-- (transformers, models/llama4/configuration_llama4.py: no_rope_layers is 0 where there is no rope).
local function attention_kind(m)
  local chunk, flags = m.config.attention_chunk_size, m.config.no_rope_layers
  if chunk == nil then return function() return "full" end end
  chunk = B.whole(chunk, "attention_chunk_size", 1000000000)
  local listed = type(flags) == "table" and #flags > 0
  local interval = B.whole(m.config.no_rope_layer_interval or 4, "no_rope_layer_interval", 1000)
  return function(index)
    local rotated
    if listed then rotated = flags[index + 1] == 1 else rotated = (index + 1) % interval ~= 0 end
    if rotated and chunk < m.max_context then return "chunked", chunk end
    return "full"
  end
end

local function mixture_spec(m)
  local width = B.intermediate(m)
  return { experts = B.dimension(m.config, "experts"), per_token = B.dimension(m.config, "experts_per_token"),
    intermediate = width, shared = 1, shared_intermediate = width, router = "feed_forward.router",
    experts_name = "feed_forward.experts.", gate_up = { "gate_up_proj" }, shared_name = "feed_forward.shared_expert" }
end

local function dense_spec(m)
  local width = B.dimension(m.config, { what = "intermediate size of dense layers", "intermediate_size_mlp",
    most = 10000000 })
  return { intermediate = width, gate_up = { "feed_forward.gate_proj", "feed_forward.up_proj" },
    down = { "feed_forward.down_proj" } }
end

local function reduce(config, checkpoint)
  local nested = config.text_config ~= nil
  local m = B.begin("llama4", config, checkpoint, { prefix = nested and "language_model.model." or "model." })
  local mixture, kind, bias = is_mixture(m), attention_kind(m), m.config.attention_bias == true
  B.layers(m, function(layer, index)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    local attention, window = kind(index)
    B.attention(layer, { kind = attention, window = window, bias = bias, o_bias = bias })
    if mixture(index) then B.moe(layer, mixture_spec(m)) else B.dense(layer, dense_spec(m)) end
  end)
  B.rope(m)
  if nested then V.llama4(m, B.object(config, "vision_config")) end
  return B.finish(m)
end

return vw.family {
  id = "llama4",
  summary = "Llama 4 Scout and Maverick: chunked attention, mixture of experts, images",
  sources = { "vllm/model_executor/models/llama4.py, mllama4.py", "transformers, models/llama4/modeling_llama4.py",
    "https://huggingface.co/meta-llama/Llama-4-Scout-17B-16E-Instruct/blob/main/config.json" },
  architectures = { "Llama4ForConditionalGeneration", "Llama4ForCausalLM" },
  reduce = reduce,
}
