-- Mixture-of-experts decoders with grouped-query attention (traits in _mixture.lua).
local B = require("_blocks")
local D = require("_dense")
local X = require("_mixture")

local function reduce(config, checkpoint)
  local text = B.text(config)
  local architecture = B.architecture(text)
  local trait = X.TRAITS[architecture] or B.fail("architecture '%s' is not one of this family", architecture)
  local m = B.begin("moe", config, checkpoint, D.begin_options(trait))
  X.layers(m, trait)
  if trait.mtp then X.mtp_layers(m, trait) end
  local rotary = B.dimension(text, { what = "rotary size", "rotary_dim", most = 100000 }, false)
  B.rope(m, { width = rotary, partial = trait.partial_rotary })
  B.ends(m, { norm_bias = trait.norm_bias, head_bias = text.lm_head_bias == true })
  return B.finish(m)
end

return vw.family {
  id = "moe",
  summary = "mixture-of-experts decoders with grouped-query attention: Mixtral, Qwen-MoE, GLM-4.5, MiniMax-M2, ERNIE",
  sources = {
    "vllm/model_executor/models/mixtral.py, qwen2_moe.py, qwen3_moe.py, deepseek.py, glm4_moe.py, minimax_m2.py",
    "vllm/model_executor/models/olmoe.py, phimoe.py, granitemoe.py, granitemoeshared.py, ernie45_moe.py",
    "transformers, models/*/modeling_*.py and configuration_*.py of the same architectures",
    "https://huggingface.co/Qwen/Qwen3-30B-A3B/blob/main/config.json",
  },
  architectures = { "MixtralForCausalLM", "Qwen2MoeForCausalLM", "Qwen3MoeForCausalLM", "DeepseekForCausalLM",
    "Glm4MoeForCausalLM", "MiniMaxM2ForCausalLM", "OlmoeForCausalLM", "PhiMoEForCausalLM", "PhimoeForCausalLM",
    "GraniteMoeForCausalLM", "GraniteMoeSharedForCausalLM", "Ernie4_5_MoeForCausalLM" },
  reduce = reduce,
}
