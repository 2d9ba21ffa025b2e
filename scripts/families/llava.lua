-- A vision tower and a projector before a Llama-like text model: LLaVA, Pixtral in Hugging Face's format, Mistral 3.
local B = require("_blocks")
local D = require("_dense")
local V = require("_vision")

local MISTRAL = { num_attention_heads = 32, num_key_value_heads = 8, max_position_embeddings = 131072 }
local LLAMA = { hidden_size = 4096, num_hidden_layers = 32, num_attention_heads = 32, intermediate_size = 11008,
  max_position_embeddings = 2048, vocab_size = 32000 }
-- What these checkpoints leave to the text model's configuration class (transformers, configuration_mistral.py and
-- configuration_llama.py).
local DEFAULTS = { mistral = MISTRAL, ministral3 = MISTRAL, llama = LLAMA }

local function text_of(config)
  if type(config.text_config) ~= "table" then B.fail("config has no text_config, which describes the text model") end
  local text = B.text(config)
  return B.with_defaults(text, DEFAULTS[text.model_type] or {})
end

local function add_tower(m, vision, merge)
  if vision.model_type == "pixtral" then return V.pixtral(m, vision, merge) end
  if vision.model_type == "clip_vision_model" then return V.clip(m, vision) end
  if vision.model_type == "siglip_vision_model" then return V.siglip(m, vision) end
  B.fail("no vision tower is known for model_type '%s' (known: pixtral, clip_vision_model, siglip_vision_model)",
    tostring(vision.model_type or "none"))
end

local function two_layer_projector(tower, out, width, bias)
  B.tower_linear(tower, "projector", out, width, "columns", "multi_modal_projector.linear_1", bias)
  B.tower_linear(tower, "projector", out, out, "rows", "multi_modal_projector.linear_2", bias)
end

-- Mistral 3 norms the patches, merges neighbours into one and then projects
-- (vllm/model_executor/models/mistral3.py).
local function add_projector(m, tower, config, merge)
  local width = tower.fields.hidden_size
  local mistral3 = B.architecture(config) == "Mistral3ForConditionalGeneration"
  if mistral3 then
    B.norms(tower, { "multi_modal_projector.norm" }, { width = width, role = "tower_norm" })
    B.tower_linear(tower, "projector", width, width * merge * merge, "none",
      "multi_modal_projector.patch_merger.merging_layer", false)
  end
  local bias = config.multimodal_projector_bias
  if bias == nil then bias = not mistral3 end
  two_layer_projector(tower, m.hidden, width, bias)
end

local function reduce(config, checkpoint)
  local text = text_of(config)
  local trait = D.trait(text)
  local options = D.begin_options(trait)
  options.text, options.prefix = text, "language_model.model."
  local m = B.begin("llava", config, checkpoint, options)
  D.layers(m, trait)
  B.rope(m, { partial = trait.partial_rotary })
  D.ends(m, trait)
  local mistral3 = B.architecture(config) == "Mistral3ForConditionalGeneration"
  local merge = B.whole(config.spatial_merge_size or (mistral3 and 2 or 1), "spatial_merge_size", 1000)
  add_projector(m, add_tower(m, B.object(config, "vision_config"), merge), config, merge)
  return B.finish(m)
end

return vw.family {
  id = "llava",
  summary = "a vision tower before a Llama-like text model: LLaVA 1.5, Pixtral, Mistral Small 3.1, Ministral 3",
  sources = { "vllm/model_executor/models/llava.py, mistral3.py, pixtral.py",
    "transformers, models/llava/modeling_llava.py, models/mistral3/modeling_mistral3.py",
    "https://huggingface.co/mistralai/Mistral-Small-3.1-24B-Instruct-2503/blob/main/config.json" },
  architectures = { "LlavaForConditionalGeneration", "Mistral3ForConditionalGeneration" },
  reduce = reduce,
}
