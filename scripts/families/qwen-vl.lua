-- Qwen2-VL, Qwen2.5-VL, Qwen3-VL and its mixture: a Qwen text model with multimodal rope and a vision tower.
local B = require("_blocks")
local D = require("_dense")
local V = require("_vision")
local X = require("_mixture")

local KINDS = {
  Qwen2VLForConditionalGeneration = { text = "Qwen2ForCausalLM", generation = 2 },
  Qwen2_5_VLForConditionalGeneration = { text = "Qwen2ForCausalLM", generation = 2.5 },
  Qwen3VLForConditionalGeneration = { text = "Qwen3ForCausalLM", generation = 3 },
  Qwen3VLMoeForConditionalGeneration = { mixture = "Qwen3MoeForCausalLM", generation = 3 },
}

local function reduce(config, checkpoint)
  local architecture = B.architecture(config)
  local kind = KINDS[architecture] or B.fail("architecture '%s' is not one of this family", architecture)
  local m = B.begin("qwen-vl", config, checkpoint, kind.generation == 3 and { prefix = "model.language_model." } or {})
  if kind.mixture then X.layers(m, X.TRAITS[kind.mixture]) else D.layers(m, D.TRAITS[kind.text]) end
  B.rope(m, { copies = 4 })
  V.qwen(m, B.object(config, "vision_config"), kind.generation)
  return B.finish(m)
end

return vw.family {
  id = "qwen-vl",
  summary = "Qwen2-VL, Qwen2.5-VL, Qwen3-VL and Qwen3-VL mixtures",
  sources = { "vllm/model_executor/models/qwen2_vl.py, qwen2_5_vl.py, qwen3_vl.py, qwen3_vl_moe.py",
    "vllm/model_executor/layers/rotary_embedding/mrope.py (four times the positions)",
    "https://huggingface.co/Qwen/Qwen3-VL-8B-Instruct/blob/main/config.json" },
  architectures = { "Qwen2VLForConditionalGeneration", "Qwen2_5_VLForConditionalGeneration",
    "Qwen3VLForConditionalGeneration", "Qwen3VLMoeForConditionalGeneration" },
  reduce = reduce,
}
