-- Which number format a matrix is stored in: the checkpoint's format, its ignore list, and roles that stay 16 bit.
-- Used through _blocks.lua. Where the headers of the checkpoint were read, they have the last word (_tensors.lua).
local S = {}

-- Roles that every format leaves alone.
local KEPT = { embedding = true, position_embedding = true, head = true, norm = true, router = true, shared_gate = true,
  sinks = true, projector = true, state_conv = true, other = true, state = true }
-- Roles of the projections of linear-attention and state-space layers that are ordinary linears.
local STATE_LINEARS = { state_in = true, state_out = true }
-- Formats that touch only the experts of a mixture: gpt-oss checkpoints, --quantization experts_int8.
local EXPERTS_ONLY = { mxfp4 = true, ["experts-int8"] = true }

local function kept_role(role)
  return KEPT[role] or role:find("_bias$") or role:find("^tower_") or
    (role:find("^state_") and not STATE_LINEARS[role])
end

local function escape(text) return (text:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0")) end

-- Multimodal checkpoints put the language model under one more name; lists are written in either spelling.
local function canonical(name)
  return (name:gsub("^model%.language_model%.", "model."):gsub("^language_model%.model%.", "model.")
    :gsub("^language_model%.", ""):gsub("%.weight$", ""))
end

local function top_level_parts(text)
  local parts, depth, start = {}, 0, 1
  for at = 1, #text do
    local byte = text:sub(at, at)
    if byte == "(" then depth = depth + 1 elseif byte == ")" then depth = depth - 1 end
    if byte == "|" and depth == 0 then
      parts[#parts + 1] = text:sub(start, at - 1)
      start = at + 1
    end
  end
  parts[#parts + 1] = text:sub(start)
  return parts
end

-- Regular expression -> alternatives without groups: "a(b|c)d" -> "abd", "acd". At most 256.
local function alternatives(expression, found)
  found = found or {}
  for _, part in ipairs(top_level_parts(expression)) do
    local before, group, after = part:match("^(.-)(%b())(.*)$")
    if not group then
      found[#found + 1] = part
    else
      if after:sub(1, 1) == "?" then
        after = after:sub(2)
        alternatives(before .. after, found)
      end
      for _, choice in ipairs(top_level_parts((group:sub(2, -2):gsub("^%?:", "")))) do
        if #found < 256 then alternatives(before .. choice .. after, found) end
      end
    end
  end
  return found
end

-- The common part of a regular expression as a Lua pattern: dots, classes, repetitions, escapes. Such an expression
-- is anchored at its start only.
local function lua_pattern(expression)
  local pattern = expression:gsub("^%^", ""):gsub("([*+])%?", "%1"):gsub("%%", "%%%%")
  local classes = {}
  pattern = pattern:gsub("%b[]", function(class)
    classes[#classes + 1] = class
    return "\1"
  end)
  pattern = pattern:gsub("%-", "%%-"):gsub("\\(%%?.)", function(escaped) return "%" .. escaped:gsub("%%", "") end)
  local at = 0
  pattern = pattern:gsub("\1", function()
    at = at + 1
    return (classes[at]:gsub("\\", "%%"))
  end)
  return "^" .. pattern
end

local function compile_entry(entry, rules)
  if entry:sub(1, 3) == "re:" and not entry:find("(?!", 1, true) and not entry:find("(?<", 1, true) then
    for _, choice in ipairs(alternatives(entry:sub(4))) do
      rules.patterns[#rules.patterns + 1] = lua_pattern(choice)
    end
  elseif entry:sub(1, 3) ~= "re:" and entry:find("*", 1, true) then
    local pattern = "^" .. escape(canonical(entry)):gsub("%%%*", ".*")
    rules.patterns[#rules.patterns + 1] = pattern .. "$"
    if not entry:find("%*$") then rules.patterns[#rules.patterns + 1] = pattern .. "%." end  -- and what is inside it
  else
    rules.names[canonical(entry)] = true
  end
end

-- Does a rule name this module, a module around it, or a run of its components ("visual", "mlp.gate")?
local function named(rules, name)
  local starts = { 1 }
  for at in name:gmatch("()%.") do starts[#starts + 1] = at + 1 end
  for first = 1, #starts do
    for last = first, #starts do
      local stop = starts[last + 1] and starts[last + 1] - 2 or #name
      if rules.names[name:sub(starts[first], stop)] then return true end
    end
  end
  return false
end

local function matched(rules, name)
  if named(rules, name) then return true end
  for _, pattern in ipairs(rules.patterns) do
    if name:find(pattern) then return true end
  end
  return false
end

-- Is the module left in 16 bit by the list? Expert numbers in `name` stand for expert 0.
function S.ignored(storage, name)
  if storage.seen[name] == nil then
    local plain = canonical(name)
    storage.seen[name] = matched(storage.rules, plain) or
      (plain ~= name and matched({ names = {}, patterns = storage.rules.patterns }, name))
  end
  return storage.seen[name]
end

-- Formats by the algorithm names of ModelOpt's per-module lists.
local ALGORITHMS = { FP8 = "fp8", FP8_PB_WO = "fp8-block", MXFP8 = "mxfp8", NVFP4 = "nvfp4", W4A16_NVFP4 = "nvfp4" }

-- Checkpoints with several formats list their modules one by one: { [module] = { quant_algo } }.
local function listed_algorithms(checkpoint)
  local function nested(value, key) return type(value) == "table" and value[key] or nil end
  local lists = nested(checkpoint.quantization_config, "quantized_layers") or
    nested(nested(checkpoint.hf_quant_config, "quantization"), "quantized_layers")
  if type(lists) ~= "table" then return nil end
  local exact, patterns = {}, {}
  for key, entry in pairs(lists) do
    local name = type(entry) == "table" and entry.pattern or key
    local value = type(entry) == "table" and (entry.value or entry) or {}
    if type(name) == "string" and name:find("*", 1, true) then
      patterns[#patterns + 1] = { "^" .. escape(canonical(name)):gsub("%%%*", "[^.]*"), value.quant_algo }
    elseif type(name) == "string" then
      exact[canonical(name)] = value.quant_algo
    end
  end
  table.sort(patterns, function(a, b) return a[1] < b[1] end)
  return { exact = exact, patterns = patterns }
end

local function algorithm_of(listed, name)
  local plain = canonical(name)
  local outer = plain
  while outer do
    if listed.exact[outer] then return listed.exact[outer] end
    outer = outer:match("^(.*)%.[^.]*$")
  end
  for _, pair in ipairs(listed.patterns) do
    if plain:find(pair[1] .. "$") or plain:find(pair[1] .. "%.") then return pair[2] end
  end
end

-- GPTQ may take the inputs of a group in any order ("act-order"): Marlin keeps an index of groups and one that sorts
-- it, 32 bits an input each. One group for all needs none (vllm/model_executor/layers/quantization/gptq_marlin.py).
local function is_ordered(declared)
  local method = declared.quant_method
  return declared.desc_act == true and (method == "gptq" or method == "gptq_marlin") and declared.group_size ~= -1
end

-- Is this matrix one whose inputs GPTQ has put in order? Experts' indices are left out.
function S.has_order(storage, matrix)
  local is_gptq = matrix.stored_as == "gptq" or matrix.stored_as == "gptq-asym" or matrix.stored_as == "w8a16"
  return storage.is_ordered and is_gptq and matrix.inputs > 1 and matrix.split ~= "experts"
end

-- Read only where there are any: most plans have none.
local function headers_of(checkpoint)
  return checkpoint.tensors and require("_tensors").open(checkpoint.tensors) or nil
end

-- What a reduction needs to know about storage: made once from the checkpoint (contract of vw.family).
function S.open(checkpoint, dtype)
  local rules = { names = {}, patterns = {} }
  for _, entry in ipairs(checkpoint.ignore or {}) do
    if type(entry) == "string" then compile_entry(entry, rules) end
  end
  local format = checkpoint.format
  local declared = type(checkpoint.quantization_config) == "table" and checkpoint.quantization_config or {}
  local whole = checkpoint.applies_to == "all" or (format and format:find("^gguf") ~= nil)
  return { format = format, dtype = dtype, rules = rules, seen = {}, whole = whole, headers = headers_of(checkpoint),
    head = declared.lm_head == true, is_ordered = is_ordered(declared),
    listed = format and listed_algorithms(checkpoint) or nil,
    experts_only = checkpoint.applies_to == "experts" or (format and EXPERTS_ONLY[format]) or false }
end

-- Is a matrix stored the same way in every layer?
function S.treats_alike(storage)
  return not storage.headers and (not storage.format or
    (not storage.listed and next(storage.rules.names) == nil and #storage.rules.patterns == 0))
end

-- Can this format be used for the role at all?
local function quantizable(storage, role)
  if storage.experts_only then return role == "experts_gate_up" or role == "experts_down" or role == "experts_up" end
  if role == "embedding" then return storage.whole end
  if role == "head" then return storage.whole or storage.head end
  return not kept_role(role)
end

-- For the ignore list: the layer's own number, and expert 0 for every other star.
local function numbered(name, layer)
  if layer then name = name:gsub("%*", tostring(layer), 1) end
  return (name:gsub("%*", "0"))
end

-- stored_as of one matrix; `names` are full module names with stars, the first of which is the layer (nil: no layer).
function S.stored_as(storage, role, names, layer)
  if not storage.format or not quantizable(storage, role) then return storage.dtype end
  for _, pattern in ipairs(names) do
    local name = numbered(pattern, layer)
    if S.ignored(storage, name) then return storage.dtype end
    if storage.listed then
      local algorithm = algorithm_of(storage.listed, name)
      return algorithm and (ALGORITHMS[algorithm] or storage.format) or storage.dtype
    end
  end
  return storage.format
end

local function kv_cache_format(checkpoint, config)
  local outer = type(checkpoint.hf_quant_config) == "table" and checkpoint.hf_quant_config.quantization
  local algorithm = type(outer) == "table" and outer.kv_cache_quant_algo
  if type(algorithm) == "string" then return algorithm:lower() end
  local scheme = config.kv_cache_scheme
  if type(scheme) == "table" and scheme.type == "float" and scheme.num_bits == 8 then return "fp8" end
  if scheme == "static" then return "fp8" end
end

-- The quantization that the checkpoint declares, as the normal form has it; nil for 16-bit checkpoints.
function S.declared(checkpoint, text)
  local config = checkpoint.quantization_config or text.quantization_config
  if type(config) ~= "table" then config = {} end
  if not checkpoint.format and not config.quant_method and not checkpoint.hf_quant_config then return nil end
  local method = type(config.quant_method) == "string" and config.quant_method or
    (checkpoint.hf_quant_config and "modelopt") or checkpoint.format
  local group_size = math.tointeger(checkpoint.group_size or config.group_size)
  if group_size and (group_size < 1 or group_size > 1000000) then group_size = nil end  -- -1: one scale a row
  return { method = method, format = checkpoint.format, group_size = group_size,
    kv_cache_format = kv_cache_format(checkpoint, config) }
end

return S
