-- Falcon-H1: every layer runs attention and Mamba 2 side by side.
local B, S = require("_blocks"), require("_state")

local function mamba_spec(m)
  local config = m.config
  local inner = S.dimension(config, "mamba_d_ssm", S.dimension(config, "mamba_expand", 2) * m.hidden)
  local heads = S.dimension(config, "mamba_n_heads")
  return { at = "mamba", heads = heads, head_dim = inner // heads,
    state_dim = S.dimension(config, "mamba_d_state", 256), groups = S.dimension(config, "mamba_n_groups", 1), kernel = S.dimension(config, "mamba_d_conv", 4),
    bias = config.projectors_bias == true or config.mamba_proj_bias == true,
    conv_bias = config.mamba_conv_bias ~= false, gated_norm = config.mamba_rms_norm == true, chunk = S.dimension(config, "mamba_chunk_size", 256) }
end

return vw.family {
  id = "falcon-h1", summary = "Falcon-H1: attention and Mamba 2 side by side in every layer",
  sources = { "vllm/model_executor/models/falcon_h1.py", "transformers models/falcon_h1/configuration_falcon_h1.py" },
  architectures = { "FalconH1ForCausalLM" },
  reduce = function(config, checkpoint)
    local m = B.begin("falcon-h1", config, checkpoint)
    local spec = mamba_spec(m)
    B.layers(m, function(layer)
      B.norms(layer, { "input_layernorm", "pre_ff_layernorm" })
      B.attention(layer, { bias = m.config.attention_bias == true, o_bias = m.config.attention_bias == true })
      S.mamba2(layer, spec)
      B.dense(layer, { gate_up = { "feed_forward.gate_proj", "feed_forward.up_proj" },
        down = { "feed_forward.down_proj" }, bias = m.config.mlp_bias == true })
    end)
    B.rope(m)
    B.ends(m, { norm = "model.final_layernorm" })
    return B.finish(m)
  end,
}
