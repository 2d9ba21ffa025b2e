-- DeepSeek V2, V2-Lite, V2.5, V3, R1, V3.1, V3.2 and Kimi K2, which is a DeepSeek V3 of other sizes.
local B, L = require("_blocks"), require("_latent")

-- V2 scores experts without a correction bias unless its config asks for the method of V3.
local function corrects(root)
  local named = type(root.architectures) == "table" and root.architectures[1] or ""
  return named ~= "DeepseekV2ForCausalLM" or root.topk_method == "noaux_tc"
end

return vw.family {
  id = "deepseek", summary = "DeepSeek V2 to V3.2 and Kimi K2: latent attention, many small experts",
  sources = { "vllm/model_executor/models/deepseek_v2.py", "huggingface.co deepseek-ai/DeepSeek-V3 inference/model.py",
    "arXiv:2405.04434 (DeepSeek-V2)", "arXiv:2412.19437 (DeepSeek-V3)" },
  architectures = { "DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", "DeepseekV32ForCausalLM" },
  reduce = function(config, checkpoint)
    return B.finish(L.model("deepseek", config, checkpoint, { router_bias = corrects(config) }))
  end,
}
