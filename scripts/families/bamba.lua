-- Bamba: Mamba 2 with attention in the layers that the config lists, a gated feed-forward in each.
local B, S = require("_blocks"), require("_state")

local function mamba_spec(m)
  local config = m.config
  local heads = S.dimension(config, "mamba_n_heads")
  local inner = S.dimension(config, "mamba_expand", 2) * m.hidden
  local given = config.mamba_d_head ~= "auto" and config.mamba_d_head ~= nil
  return { at = "mamba", heads = heads, head_dim = given and S.dimension(config, "mamba_d_head") or inner // heads,
    state_dim = S.dimension(config, "mamba_d_state", 256), groups = S.dimension(config, "mamba_n_groups", 1),
    kernel = S.dimension(config, "mamba_d_conv", 4), bias = config.mamba_proj_bias == true,
    conv_bias = config.mamba_conv_bias ~= false, chunk = S.dimension(config, "mamba_chunk_size", 256) }
end

return vw.family {
  id = "bamba", summary = "Bamba: Mamba 2 with some attention layers, dense",
  sources = { "vllm/model_executor/models/bamba.py", "transformers models/bamba/configuration_bamba.py" },
  architectures = { "BambaForCausalLM" },
  reduce = function(config, checkpoint)
    local m = B.begin("bamba", config, checkpoint)
    local attends, spec = {}, mamba_spec(m)
    for _, index in ipairs(B.object(m.config, "attn_layer_indices")) do attends[index] = true end
    B.layers(m, function(layer, index)
      B.norms(layer, { "input_layernorm", "pre_ff_layernorm" })
      if attends[index] then
        B.attention(layer, { bias = m.config.attention_bias == true, o_bias = m.config.attention_bias == true })
      else
        S.mamba2(layer, spec)
      end
      B.dense(layer, { gate_up = { "feed_forward.gate_proj", "feed_forward.up_proj" },
        down = { "feed_forward.down_proj" }, bias = m.config.mlp_bias == true })
    end)
    B.rope(m)
    B.ends(m, { norm = "model.final_layernorm" })
    return B.finish(m)
  end,
}
