-- The decoder that Qwen3-Next and Qwen3.5 share: three gated delta nets to one gated attention, dense or with experts.
local B, S, mixed = require("_blocks"), require("_state"), require("_mixed")
local G = {}

-- Which layers attend: layer_types, or every full_attention_interval-th.
local function kinds(m)
  local interval = m.config.full_attention_interval or 4
  interval = B.whole(interval, "full_attention_interval", 1000)
  return B.layer_kinds(m, function(index) return (index + 1) % interval == 0 and "full" or "linear" end)
end

-- Experts in every decoder_sparse_step-th layer that mlp_only_layers does not exclude.
local function sparse(m)
  local config = m.config
  if B.count(config, "num_experts") == 0 then return function() return false end end
  local step, dense = B.count(config, "decoder_sparse_step", 1), {}
  for _, index in ipairs(B.object(config, "mlp_only_layers")) do dense[index] = true end
  return function(index) return not dense[index] and step > 0 and (index + 1) % step == 0 end
end

local function experts(layer)
  local config = layer.model.config
  local shared = B.count(config, "shared_expert_intermediate_size")
  B.moe(layer, { experts = B.dimension(config, "experts"), per_token = B.dimension(config, "experts_per_token"),
    intermediate = B.dimension(config, "expert_intermediate"), shared = shared > 0 and 1 or 0,
    shared_intermediate = shared, shared_gate = shared > 0, shared_name = "mlp.shared_expert" })
end

local function attention(layer)
  local bias = layer.model.config.attention_bias == true
  B.attention(layer, { qk_norm = "head", output_gate = layer.model.config.attn_output_gate ~= false, bias = bias,
    o_bias = bias })
end

-- Adds the layers and `predictors` (a number) layers for multi-token prediction. fused: names of the fused inputs.
function G.layers(m, fused, predictors)
  local kind, has_experts = kinds(m), sparse(m)
  local function build(layer, index, attends)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    if attends then attention(layer) else S.gated_delta(layer, fused.inputs, fused.gates) end
    if has_experts(index) then experts(layer) else B.dense(layer, {}) end
    mixed.settle(layer)
  end
  B.layers(m, function(layer, index) build(layer, index, kind(index) == "full") end)
  B.layers(m, function(layer, index)
    build(layer, index, true)
    if index == m.layers then
      layer.prefix = "mtp."
      B.matrix(layer, "other", m.hidden, 2 * m.hidden, "none", { "fc" })
      B.norms(layer, { "pre_fc_norm_hidden", "pre_fc_norm_embedding", "norm" })
    end
  end, { first = m.layers, count = predictors, role = "mtp", prefix = "mtp.layers.*." })
end

return G
