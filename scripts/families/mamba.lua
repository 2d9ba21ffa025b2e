-- Mamba, Falcon Mamba and Mamba 2: no attention at all, so no key-value cache.
local B, S = require("_blocks"), require("_state")

local function rank(m)
  local value = m.config.time_step_rank
  if value == nil or value == "auto" then return (m.hidden + 15) // 16 end
  return S.dimension(m.config, "time_step_rank")
end

local function mamba1(m)
  local expanded = S.dimension(m.config, "expand", 2) * m.hidden
  return { at = "mixer", inner = S.dimension(m.config, "intermediate_size", expanded),
    state_dim = S.dimension(m.config, "state_size"), kernel = S.dimension(m.config, "conv_kernel"), rank = rank(m),
    bias = m.config.use_bias == true, conv_bias = m.config.use_conv_bias ~= false }
end

local function mamba2(m)
  return { at = "mixer", heads = S.dimension(m.config, "num_heads"), head_dim = S.dimension(m.config, "head_dim"),
    state_dim = S.dimension(m.config, "state_size"), groups = S.dimension(m.config, "n_groups"),
    kernel = S.dimension(m.config, "conv_kernel"), bias = m.config.use_bias == true,
    conv_bias = m.config.use_conv_bias ~= false, chunk = S.dimension(m.config, "chunk_size", 256) }
end

return vw.family {
  id = "mamba", summary = "Mamba, Falcon Mamba and Mamba 2: state-space layers only",
  sources = { "vllm/model_executor/models/mamba.py", "vllm/model_executor/models/mamba2.py",
    "transformers models/mamba/configuration_mamba.py", "transformers models/mamba2/configuration_mamba2.py" },
  architectures = { "MambaForCausalLM", "FalconMambaForCausalLM", "Mamba2ForCausalLM" },
  reduce = function(config, checkpoint)
    local second = type(config.architectures) == "table" and config.architectures[1] == "Mamba2ForCausalLM"
      or config.model_type == "mamba2"
    -- Configs state no context: the state has none. vLLM takes 2048 unless told otherwise.
    local m = B.begin("mamba", config, checkpoint, { heads = 0, tied = not second, prefix = "backbone." })
    local spec = second and mamba2(m) or mamba1(m)
    B.layers(m, function(layer)
      B.norms(layer, { "norm" })
      if second then S.mamba2(layer, spec) else S.mamba1(layer, spec) end
    end)
    B.ends(m, { embedding = "backbone.embeddings", norm = "backbone.norm_f" })
    return B.finish(m)
  end,
}
