-- Decoders whose feed-forward is a mixture of experts, some layers dense: a table of how they differ, on top of the
-- attention of _dense.lua. Used by moe.lua and qwen-vl.lua.
local B = require("_blocks")
local D = require("_dense")

local X = {}

local SHARED = { what = "", "n_shared_experts", "moe_num_shared_experts", most = 1000, least = 0 }
local SHARED_WIDTH = { what = "", "shared_expert_intermediate_size", "shared_intermediate_size", most = 10000000,
  least = 0 }
local FIRST_DENSE = { what = "", "first_k_dense_replace", most = 1000, least = 0 }

-- Experts, those per token, and the width of one under the key that this architecture uses.
local function spec_of(m, width_key)
  return { experts = B.dimension(m.config, "experts"), per_token = B.dimension(m.config, "experts_per_token"),
    intermediate = B.dimension(m.config, width_key) }
end

-- Shared experts given as a count of experts of the common width.
local function with_shared_count(m, spec)
  spec.shared = B.dimension(m.config, SHARED, 0)
  spec.shared_intermediate = spec.shared * spec.intermediate
  return spec
end

-- One shared expert with a width of its own.
local function with_shared_width(m, spec, gate)
  spec.shared_intermediate = B.dimension(m.config, SHARED_WIDTH, 0)
  spec.shared = spec.shared_intermediate > 0 and 1 or 0
  spec.shared_gate = gate and spec.shared > 0
  spec.shared_name = "mlp.shared_expert"
  return spec
end

local function mixtral_names(spec)
  spec.router, spec.experts_name = "block_sparse_moe.gate", "block_sparse_moe.experts.*."
  spec.gate_up, spec.down = { "w1", "w3" }, { "w2" }
  return spec
end

local function qwen_is_dense(m, index)
  for _, dense in ipairs(B.object(m.config, "mlp_only_layers")) do
    if dense == index then return true end
  end
  local step = B.whole(m.config.decoder_sparse_step or 1, "decoder_sparse_step", 1000)
  return (index + 1) % step ~= 0
end

local function first_dense(m, index)
  if index < B.dimension(m.config, FIRST_DENSE, 0) then return true end
  local every = math.tointeger(m.config.moe_layer_freq) or 1
  return every > 1 and index % every ~= 0
end

local function ernie_is_dense(m, index)
  local c = m.config
  local first = B.whole(c.moe_layer_start_index or 0, "moe_layer_start_index", 1000, 0)
  local last = B.whole(c.moe_layer_end_index or -1, "moe_layer_end_index", 1000, -1)
  if last == -1 then last = m.layers - 1 end
  local interval = B.whole(c.moe_layer_interval or 1, "moe_layer_interval", 1000)
  return index < first or index > last or (index + 1) % interval ~= 0
end

-- GLM and DeepSeek style: a correction bias in fp32 beside the router, and shared experts by count.
local function corrected(m, router_dtype)
  local spec = with_shared_count(m, spec_of(m, "expert_intermediate"))
  spec.router_bias, spec.router_dtype = "fp32", router_dtype
  return spec
end

local function granite(m)
  local spec = with_shared_width(m, spec_of(m, "intermediate"))
  spec.router, spec.experts_name, spec.shared_name = "block_sparse_moe.router.layer", "block_sparse_moe.", "shared_mlp"
  spec.gate_up, spec.down = { "input_linear" }, { "output_linear" }
  return spec
end

local function minimax_m2(m)
  local spec = mixtral_names(spec_of(m, "intermediate"))
  spec.router_bias, spec.router_dtype = m.config.use_routing_bias ~= false and "fp32" or nil, "fp32"
  return spec
end

-- Fields of a trait: those of _dense.lua, moe = function(m) -> what B.moe takes, dense = function(m, index) -> whether
-- the layer has an ordinary feed-forward, mtp = true when config counts num_nextn_predict_layers in GLM's layout.
X.TRAITS = {
  MixtralForCausalLM = { window = "all", moe = function(m) return mixtral_names(spec_of(m, "intermediate")) end },
  Qwen2MoeForCausalLM = { qkv_bias = "qkv_bias", bias_default = true, window = "qwen", dense = qwen_is_dense,
    moe = function(m) return with_shared_width(m, spec_of(m, "expert_intermediate"), true) end },
  Qwen3MoeForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", qk_norm = "head", window = "qwen",
    dense = qwen_is_dense, moe = function(m) return spec_of(m, "expert_intermediate") end },
  DeepseekForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", dense = first_dense,
    moe = function(m) return with_shared_count(m, spec_of(m, "expert_intermediate")) end },
  Glm4MoeForCausalLM = { qkv_bias = "attention_bias", qk_norm_key = "use_qk_norm", dense = first_dense, mtp = true,
    partial_rotary = 0.5, moe = function(m) return corrected(m, "fp32") end },
  MiniMaxM2ForCausalLM = { qk_norm = "full", moe = minimax_m2 },
  OlmoeForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", qk_norm = "full",
    moe = function(m) return spec_of(m, "intermediate") end },
  PhiMoEForCausalLM = { norm_bias = true, qkv_bias = "attention_bias", o_bias = "attention_bias", window = "all",
    moe = function(m) return mixtral_names(spec_of(m, "intermediate")) end },
  GraniteMoeForCausalLM = { qkv_bias = "attention_bias", o_bias = "attention_bias", moe = granite },
  Ernie4_5_MoeForCausalLM = { qkv_bias = "use_bias", o_bias = "use_bias", mlp_bias = "use_bias", tied = true,
    dense = ernie_is_dense, moe = function(m) return corrected(m, "fp32") end },
}
X.TRAITS.PhimoeForCausalLM = X.TRAITS.PhiMoEForCausalLM
X.TRAITS.GraniteMoeSharedForCausalLM = X.TRAITS.GraniteMoeForCausalLM

local function attention(layer, trait, kind, window)
  local spec = D.attention_spec(layer.model, trait, kind, window)
  if trait.qk_norm_key and layer.model.config[trait.qk_norm_key] == true then spec.qk_norm = "head" end
  B.attention(layer, spec)
end

-- Adds the target's layers.
function X.layers(m, trait)
  local windows = B.windows(m, trait.window or "none")
  local function is_dense(index) return trait.dense and trait.dense(m, index) or false end
  local function alike(index) return windows(index) .. (is_dense(index) and " dense" or " moe") end
  B.layers(m, function(layer, index)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" }, { bias = trait.norm_bias })
    attention(layer, trait, windows(index))
    if is_dense(index) then B.dense(layer, D.dense_spec(m, trait)) else B.moe(layer, trait.moe(m)) end
  end, { alike = alike })
end

-- Layers that predict further tokens in DeepSeek's layout: two norms and a projection joining embedding and hidden
-- state, one mixture layer, one norm before the shared head (vllm/model_executor/models/glm4_moe_mtp.py).
function X.mtp_layers(m, trait)
  local count = B.dimension(m.config, { what = "", "num_nextn_predict_layers", most = 1000, least = 0 }, 0)
  B.mtp_layers(m, count, function(layer)
    B.norms(layer, { "enorm", "hnorm", "shared_head.norm", "input_layernorm", "post_attention_layernorm" })
    B.matrix(layer, "other", m.hidden, 2 * m.hidden, "none", { "eh_proj" })
    attention(layer, trait)
    B.moe(layer, trait.moe(m))
  end)
end

return X
