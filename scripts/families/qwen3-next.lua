-- Qwen3-Next and Qwen3-Coder-Next.
local B, G = require("_blocks"), require("_gated-delta")

return vw.family {
  id = "qwen3-next", summary = "Qwen3-Next: gated delta nets and gated attention with many experts",
  sources = { "vllm/model_executor/models/qwen3_next.py", "vllm/model_executor/models/qwen3_next_mtp.py",
    "huggingface.co Qwen/Qwen3-Next-80B-A3B-Instruct config.json" },
  architectures = { "Qwen3NextForCausalLM" },
  reduce = function(config, checkpoint)
    local m = B.begin("qwen3-next", config, checkpoint)
    local fused = { inputs = { "linear_attn.in_proj_qkvz" }, gates = { "linear_attn.in_proj_ba" } }
    -- The config does not mention the one predictor that the checkpoint has.
    G.layers(m, fused, B.count(m.config, "num_nextn_predict_layers", 1))
    B.rope(m)
    return B.finish(m)
  end,
}
