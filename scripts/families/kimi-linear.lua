-- Kimi Linear: three Kimi delta attentions to one latent attention, experts, no rotary embedding.
local B, L, S = require("_blocks"), require("_latent"), require("_state")

-- The layer lists count from 1.
local function contains(list, key)
  local set = {}
  if type(list) ~= "table" then B.fail("config has no linear_attn_config.%s", key) end
  for _, number in ipairs(list) do set[number - 1] = true end
  return set
end

local function experts(layer)
  local config = layer.model.config
  local width, shared = B.dimension(config, "expert_intermediate"), B.count(config, "num_shared_experts")
  B.moe(layer, { experts = B.dimension(config, "experts"), per_token = B.dimension(config, "experts_per_token"),
    intermediate = width, router = "block_sparse_moe.gate", router_bias = "fp32",
    experts_name = "block_sparse_moe.experts.*.", gate_up = { "w1", "w3" }, down = { "w2" }, shared = shared,
    shared_intermediate = shared * width, shared_name = "block_sparse_moe.shared_experts" })
end

return vw.family {
  id = "kimi-linear", summary = "Kimi Linear: Kimi delta attention and latent attention with many experts",
  sources = { "vllm/model_executor/models/kimi_linear.py", "vllm/model_executor/layers/kda.py",
    "huggingface.co moonshotai/Kimi-Linear-48B-A3B-Instruct config.json" },
  architectures = { "KimiLinearForCausalLM" },
  reduce = function(config, checkpoint)
    local m = B.begin("kimi-linear", config, checkpoint)
    local linear = B.object(m.config, "linear_attn_config")
    local delta, sizes = contains(linear.kda_layers, "kda_layers"), L.sizes(m.config)
    local spec = { heads = S.dimension(linear, "num_heads"), head_dim = S.dimension(linear, "head_dim"),
      kernel = S.dimension(linear, "short_conv_kernel_size", 4) }
    local first, every = B.count(m.config, "first_k_dense_replace"), m.config.moe_layer_freq or 1
    every = B.whole(every, "moe_layer_freq", 1000)
    B.layers(m, function(layer, index)
      B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
      if delta[index] then S.kda(layer, spec) else L.attention(layer, sizes) end
      if index >= first and index % every == 0 then experts(layer) else B.dense(layer, {}) end
    end)
    if m.config.mla_use_nope == false then B.rope(m, { width = sizes.rope }) end
    return B.finish(m)
  end,
}
