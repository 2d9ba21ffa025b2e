-- Kimi K2.5 and later: a Kimi K2 (deepseek.lua) under a multimodal wrapper.
local B, L = require("_blocks"), require("_latent")

return vw.family {
  id = "kimi-k2-5", summary = "Kimi K2.5, K2.6, K2.7: Kimi K2 with a vision tower (the tower is not counted)",
  sources = { "vllm/model_executor/models/kimi_k25.py", "huggingface.co moonshotai/Kimi-K2.5 config.json" },
  architectures = { "KimiK25ForConditionalGeneration" },
  reduce = function(config, checkpoint)
    local m = L.model("kimi-k2-5", config, checkpoint, { router_bias = true, prefix = "language_model." })
    if config.vision_config then
      m.unmodelled[1] = "the vision tower (about 0.4 billion parameters) and its projector"
    end
    return B.finish(m)
  end,
}
