-- GLM-5 (DeepSeek sparse attention) and GLM-4.7-Flash (latent attention without it).
local B, L = require("_blocks"), require("_latent")

return vw.family {
  id = "glm-dsa", summary = "GLM-5 and GLM-4.7-Flash: latent attention, GLM-5 with a sparse indexer",
  sources = { "vllm/model_executor/models/deepseek_v2.py (GlmMoeDsaForCausalLM)",
    "vllm/model_executor/models/glm4_moe_lite.py", "huggingface.co zai-org/GLM-5 config.json" },
  architectures = { "GlmMoeDsaForCausalLM", "Glm4MoeLiteForCausalLM" },
  reduce = function(config, checkpoint)
    -- Glm4MoeLite keeps its router in 32 bit, as Glm4Moe does.
    local lite = config.index_n_heads == nil
    local options = { router_bias = true, router_dtype = lite and "fp32" or nil }
    return B.finish(L.model("glm-dsa", config, checkpoint, options))
  end,
}
