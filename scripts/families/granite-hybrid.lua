-- Granite 4: Mamba 2 with a few attention layers, each followed by experts and a shared feed-forward.
local B, S = require("_blocks"), require("_state")

local function mamba(layer)
  local m, config = layer.model, layer.model.config
  local heads = S.dimension(config, "mamba_n_heads")
  local inner = S.dimension(config, "mamba_expand", 2) * m.hidden
  local given = config.mamba_d_head ~= "auto" and config.mamba_d_head ~= nil
  local head_dim = given and S.dimension(config, "mamba_d_head") or inner // heads
  S.mamba2(layer, { at = "mamba", heads = heads, head_dim = head_dim, state_dim = S.dimension(config, "mamba_d_state"),
    groups = S.dimension(config, "mamba_n_groups", 1), kernel = S.dimension(config, "mamba_d_conv", 4),
    bias = config.mamba_proj_bias == true, conv_bias = config.mamba_conv_bias ~= false,
    chunk = S.dimension(config, "mamba_chunk_size", 256) })
end

-- The checkpoint stores gate and up of the shared feed-forward, and all experts of a layer, as one tensor each.
local function feed_forward(layer)
  local m = layer.model
  local shared = S.dimension(m.config, "shared_intermediate_size")
  local count = B.count(m.config, "num_local_experts")
  if count == 0 then
    B.dense(layer, { intermediate = shared, gate_up = { "shared_mlp.input_linear" },
      down = { "shared_mlp.output_linear" } })
    return
  end
  B.moe(layer, { experts = B.dimension(m.config, "experts"), per_token = B.dimension(m.config, "experts_per_token"),
    intermediate = B.intermediate(m), router = "block_sparse_moe.router.layer", experts_name = "block_sparse_moe.",
    gate_up = { "input_linear" }, down = { "output_linear" }, shared = 1 })
  B.matrix(layer, "shared_gate_up", 2 * shared, m.hidden, "columns", { "shared_mlp.input_linear" })
  B.matrix(layer, "shared_down", m.hidden, shared, "rows", { "shared_mlp.output_linear" })
  layer.feed_forward.shared_intermediate_size = shared
end

return vw.family {
  id = "granite-hybrid", summary = "Granite 4: Mamba 2, some attention, experts beside a shared feed-forward",
  sources = { "vllm/model_executor/models/granitemoehybrid.py",
    "huggingface.co ibm-granite/granite-4.0-h-tiny config.json" },
  architectures = { "GraniteMoeHybridForCausalLM" },
  reduce = function(config, checkpoint)
    local m = B.begin("granite-hybrid", config, checkpoint, { tied = true })
    local kind = B.layer_kinds(m, function() return "mamba" end)
    local mambas = 0
    B.layers(m, function(layer, index)
      B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
      if kind(index) == "mamba" then
        mambas = mambas + 1
        mamba(layer)
      else
        B.attention(layer, { bias = m.config.attention_bias == true, o_bias = m.config.attention_bias == true })
      end
      feed_forward(layer)
    end)
    -- The hybrids have no position embedding; the all-attention members of the line rotate.
    if m.config.position_embedding_type == "rope" or (m.config.position_embedding_type == nil and mambas == 0) then
      B.rope(m)
    end
    return B.finish(m)
  end,
}
