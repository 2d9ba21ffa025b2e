-- Reading config.json: synonyms, ranges, and errors that name the key. Used through _blocks.lua.
local C = {}

-- What a planner needs, the keys it is known under, and what is believable.
C.KEYS = {
  layers = { what = "number of layers", "num_hidden_layers", "n_layer", "num_layers", most = 1000 },
  hidden = { what = "hidden size", "hidden_size", "n_embd", "d_model", most = 1000000 },
  heads = { what = "number of attention heads", "num_attention_heads", "n_head", "num_heads", most = 100000 },
  kv_heads = { what = "number of key-value heads", "num_key_value_heads", "num_kv_heads", "n_head_kv", most = 100000 },
  head_dim = { what = "head size", "head_dim", most = 100000 },
  vocab = { what = "vocabulary size", "vocab_size", "padded_vocab_size", most = 100000000 },
  intermediate = { what = "intermediate size", "intermediate_size", "ffn_dim", "n_inner", "ffn_hidden_size",
    most = 10000000 },
  experts = { what = "number of experts", "num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts",
    most = 100000 },
  experts_per_token = { what = "number of experts per token", "num_experts_per_tok", "num_experts_per_token",
    "experts_per_token", "moe_k", "top_k_experts", most = 100000 },
  expert_intermediate = { what = "intermediate size of an expert", "moe_intermediate_size", most = 10000000 },
}

-- Where a model states how long its sequences may be; the smallest of those present counts
-- (vllm/config/model.py, _get_and_verify_max_len).
local CONTEXT_KEYS = { "max_position_embeddings", "n_positions", "max_seq_len", "seq_length", "model_max_length",
  "max_target_positions", "max_sequence_length", "max_seq_length", "seq_len" }

local function fail(text, ...) error(string.format(text, ...), 0) end
C.fail = fail

local function shown(value)
  if type(value) == "string" then return "'" .. value .. "'" end
  if type(value) == "table" then return "a list or an object" end
  return tostring(value)
end

-- A whole number from `least` (1) to `most`, or an error that names the key.
function C.whole(value, key, most, least)
  least = least or 1
  local number = type(value) == "number" and math.tointeger(value) or nil
  if not number or number < least or number > most then
    fail("%s is %s, expected a whole number from %d to %d", key, shown(value), least, most)
  end
  return number
end

-- The first key of the list that the config has: its value and the key.
function C.first(config, keys)
  for _, key in ipairs(keys) do
    if config[key] ~= nil then return config[key], key end
  end
end

-- A dimension by its name in C.KEYS or by a list like one of those. Without a default (a number) absence is an error;
-- default = false returns nil for an absent key.
function C.dimension(config, name, default)
  local keys = type(name) == "table" and name or C.KEYS[name]
  local value, key = C.first(config, keys)
  if value == nil then
    if default ~= nil then return default or nil end
    fail("config has no %s (looked for %s)", keys.what, table.concat(keys, ", "))
  end
  return C.whole(value, key, keys.most, keys.least)
end

-- How many there are under a key that may be absent: a whole number from 0, else the default (0).
function C.count(config, key, default)
  local value = config[key]
  if value == nil then return default or 0 end
  return C.whole(value, key, 1000000, 0)
end

-- A number that need not be whole, above 0.
function C.factor(value, key)
  if type(value) ~= "number" or value ~= value or value <= 0 or value > 1e9 then
    fail("%s is %s, expected a number above 0", key, shown(value))
  end
  return value
end

-- true or false; nil when absent and nothing else.
function C.boolean(config, key)
  local value = config[key]
  if value ~= nil and type(value) ~= "boolean" then fail("%s is %s, expected true or false", key, shown(value)) end
  return value
end

-- The architecture that the config names first, or "none".
function C.architecture(config)
  local list = config.architectures
  return type(list) == "table" and type(list[1]) == "string" and list[1] or "none"
end

-- A nested object or an empty table; anything else under the key is an error.
function C.object(config, key)
  local value = config[key]
  if value == nil then return {} end
  if type(value) ~= "table" then fail("%s is %s, expected an object", key, shown(value)) end
  return value
end

-- A copy of `config` with `defaults` under the keys it lacks (one level; nested objects are merged too).
function C.with_defaults(config, defaults)
  local merged = {}
  for key, value in pairs(config) do merged[key] = value end
  for key, value in pairs(defaults) do
    if merged[key] == nil then
      merged[key] = value
    elseif type(value) == "table" and type(merged[key]) == "table" and #value == 0 then
      merged[key] = C.with_defaults(merged[key], value)
    end
  end
  return merged
end

local TEXT_CONFIGS = { "text_config", "llm_config", "language_config" }
-- Keys that a multimodal config may state outside and that hold for the text model.
local INHERITED = { "tie_word_embeddings", "torch_dtype", "dtype", "quantization_config" }

-- The text model's config: the nested one with the outer dtype and tying under it, or the config itself.
function C.text(root)
  if type(root) ~= "table" then fail("config is %s, expected an object", shown(root)) end
  for _, key in ipairs(TEXT_CONFIGS) do
    if type(root[key]) == "table" then
      local inherited = {}
      for _, name in ipairs(INHERITED) do inherited[name] = root[name] end
      return C.with_defaults(root[key], inherited)
    end
  end
  return root
end

local DTYPES = { bfloat16 = "bf16", float16 = "fp16", half = "fp16", float32 = "fp32", float = "fp32" }

-- "bf16", "fp16" or "fp32"; bf16 when the config does not say.
function C.dtype(config)
  local value = C.first(config, { "dtype", "torch_dtype" })
  if type(value) ~= "string" then return "bf16" end
  return DTYPES[value:gsub("^torch%.", "")] or "bf16"
end

-- What the config does not say and this room takes for granted, in words. max_context: given where it was assumed.
function C.guesses(config, max_context)
  local found = {}
  if max_context then
    found[1] = string.format("config.json names no context length: %d tokens taken, as vLLM does", max_context)
  end
  local dtype, key = C.first(config, { "dtype", "torch_dtype" })
  if dtype ~= nil and (type(dtype) ~= "string" or not DTYPES[dtype:gsub("^torch%.", "")]) then
    found[#found + 1] = string.format("%s is %s, which is no type that is known: bfloat16 taken", key, shown(dtype))
  end
  return found
end

local ORIGINAL = { what = "", "original_max_position_embeddings", most = 1000000000 }

local function rope_entry(entry)
  if type(entry) ~= "table" then return { kind = "default", factor = 1, multimodal = false } end
  local kind = entry.rope_type or entry.type or "default"
  if entry.mrope_section and kind == "default" then kind = "mrope" end
  return { kind = kind, factor = entry.factor and C.factor(entry.factor, "rope factor") or 1,
    original = C.dimension(entry, ORIGINAL, false),
    partial = entry.partial_rotary_factor, multimodal = entry.mrope_section ~= nil or kind == "mrope" }
end

-- The rope scaling of a config: { kind, factor, original?, partial?, multimodal }. Both spellings are read:
-- rope_scaling and the newer rope_parameters, which may hold one entry per layer type (pass the layer type then).
function C.rope_scaling(config, layer_type)
  local parameters = config.rope_parameters or config.rope_scaling
  if type(parameters) == "table" and type(parameters[layer_type or "full_attention"]) == "table" then
    parameters = parameters[layer_type or "full_attention"]
  end
  local entry = rope_entry(parameters)
  entry.original = entry.original or C.dimension(config, ORIGINAL, false)
  return entry
end

local function whole_tokens(value) return math.tointeger(math.floor(value)) end

-- The largest max_model_len that vLLM derives from a config: rope scaling multiplies it, except where the config
-- already states the long one (llama3, longrope and, by model type, Gemma 3). Second result: true where neither config
-- nor `default` say anything and vLLM's own 2048 stands.
function C.max_context(config, default)
  local least
  for _, key in ipairs(CONTEXT_KEYS) do
    if config[key] ~= nil then
      local value = C.whole(config[key], key, 1000000000)
      if not least or value < least then least = value end
    end
  end
  if config.model_max_length then least = C.whole(config.model_max_length, "model_max_length", 1000000000) end
  local is_assumed = not least and not default
  least = least or default or 2048
  local rope = C.rope_scaling(config)
  local stated = { su = true, longrope = true, llama3 = true, default = true, mrope = true, proportional = true }
  local gemma = type(config.model_type) == "string" and config.model_type:find("gemma3", 1, true)
  if stated[rope.kind] or gemma then return least, is_assumed end
  if rope.kind == "yarn" and rope.original then least = rope.original end
  return whole_tokens(least * rope.factor), is_assumed
end

-- Rows of the cosine and sine table that vLLM keeps (vllm/model_executor/layers/rotary_embedding).
function C.rope_rows(config, rope, positions)
  if rope.kind == "yarn" or rope.kind == "deepseek_yarn" then
    return whole_tokens((rope.original or positions) * rope.factor)
  end
  if rope.kind == "linear" or rope.kind == "dynamic" then return whole_tokens(positions * rope.factor) end
  if rope.kind == "su" or rope.kind == "longrope" then return positions + (rope.original or 0) end
  return positions
end

return C
