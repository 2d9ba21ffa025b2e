-- Jamba: seven Mamba layers to one of attention, experts in every second layer.
local B, S = require("_blocks"), require("_state")

local function every(config, what)
  local period = B.whole(config[what .. "_layer_period"], what .. "_layer_period", 1000)
  local offset = B.whole(config[what .. "_layer_offset"], what .. "_layer_offset", 1000, 0)
  return function(index) return index % period == offset end
end

local function mamba_spec(m)
  local config = m.config
  local rank = config.mamba_dt_rank
  return { at = "mamba", inner = S.dimension(config, "mamba_expand") * m.hidden,
    state_dim = S.dimension(config, "mamba_d_state"), kernel = S.dimension(config, "mamba_d_conv"),
    rank = (rank == nil or rank == "auto") and (m.hidden + 15) // 16 or S.dimension(config, "mamba_dt_rank"),
    bias = config.mamba_proj_bias == true, conv_bias = config.mamba_conv_bias ~= false, inner_norms = true }
end

local function feed_forward(layer, sparse)
  local m = layer.model
  if sparse then
    B.moe(layer, { experts = B.dimension(m.config, "experts"), per_token = B.dimension(m.config, "experts_per_token"),
      intermediate = B.intermediate(m), router = "feed_forward.router", experts_name = "feed_forward.experts.*." })
  else
    B.dense(layer, { gate_up = { "feed_forward.gate_proj", "feed_forward.up_proj" },
      down = { "feed_forward.down_proj" } })
  end
end

return vw.family {
  id = "jamba", summary = "Jamba: Mamba with some attention layers and experts, no rotary embedding",
  sources = { "vllm/model_executor/models/jamba.py", "huggingface.co ai21labs/Jamba-v0.1 config.json" },
  architectures = { "JambaForCausalLM" },
  reduce = function(config, checkpoint)
    local m = B.begin("jamba", config, checkpoint)
    local attends, has_experts, mamba = every(m.config, "attn"), every(m.config, "expert"), mamba_spec(m)
    B.layers(m, function(layer, index)
      B.norms(layer, { "input_layernorm", "pre_ff_layernorm" })
      if attends(index) then B.attention(layer, { window = B.window(m) }) else S.mamba1(layer, mamba) end
      feed_forward(layer, has_experts(index) and B.count(m.config, "num_experts", 1) > 1)
    end)
    B.ends(m, { norm = "model.final_layernorm" })
    return B.finish(m)
  end,
}
