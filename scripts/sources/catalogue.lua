-- The offline catalogue: scripts/models/<organisation>.lua, one file read per model.
local elsewhere = require("_elsewhere")

-- What params_basis of an entry means in a record.
local bases = {
  exact = "safetensors headers",
  sibling = "safetensors headers of a model of the same shape",
  advertised = "counted from layer shapes, close to the advertised size",
}

-- Endings that mark another storage of the same model. Longest first where one ends in another.
local endings = { "-gptq-int4", "-gptq-int8", "-awq-int4", "-gptq", "-awq", "-fp8-static-pertensor", "-fp8-dynamic",
  "-fp8-kv", "-fp8", "-nvfp4", "-quantized.w8a8", "-quantized.w4a16", "-bnb-4bit", "-w8a8", "-w4a16", "-int4", "-int8",
  "-bf16" }

local function organisation_of(model) return (model:match("^([^/]+)/[^/]+$") or ""):lower() end

-- Entries of an organisation, strongest layer first.
local function entries_of(organisation)
  local found = {}
  for _, id in ipairs(vw.ids("models")) do
    if id:lower() == organisation then
      for _, layer in ipairs(vw.entries("models", id)) do
        for _, entry in ipairs(layer.entries) do found[#found + 1] = entry end
      end
    end
  end
  return found
end

local function all_entries()
  local found, seen = {}, {}
  for _, id in ipairs(vw.ids("models")) do
    for _, entry in ipairs(entries_of(id:lower())) do
      if not seen[entry.id:lower()] then
        seen[entry.id:lower()] = true
        found[#found + 1] = entry
      end
    end
  end
  table.sort(found, function(a, b) return a.id:lower() < b.id:lower() end)
  return found
end

local function is_object(value) return type(value) == "table" and value[1] == nil end

-- `defaults` under the keys that `config` lacks.
local function completed(config, defaults)
  local merged = {}
  for key, value in pairs(config) do merged[key] = value end
  for key, value in pairs(defaults) do
    if merged[key] == nil then
      merged[key] = value
    elseif is_object(value) and is_object(merged[key]) then
      merged[key] = completed(merged[key], value)
    end
  end
  return merged
end

-- "awq", "gptq-int4", "fp8", "nvfp4" ...; nil for a model in 16 bit.
local function quantization_of(entry)
  local text = entry.config.text_config or {}
  local config = entry.config.quantization_config or text.quantization_config
  local written = entry.hf_quant_config and entry.hf_quant_config.quantization or {}
  local algorithm = config and config.quant_algo or written.quant_algo
  if type(algorithm) == "string" then return (algorithm:lower():gsub("_", "-")) end
  if not config then return nil end
  if config.quant_method == "gptq" and config.bits then return "gptq-int" .. config.bits end
  return config.quant_method
end

local function base_name(id)
  local name = id:lower():match("[^/]+$")
  for _, ending in ipairs(endings) do
    if #name > #ending and name:sub(-#ending) == ending then return base_name(name:sub(1, -#ending - 1)) end
  end
  return name
end

-- What a checkpoint declares of its storage, without the rest of its config: the engine recognises the format from it.
local function declared(entry)
  local text = entry.config.text_config
  return {
    quantization_config = entry.config.quantization_config,
    text_config = text and { quantization_config = text.quantization_config },
  }
end

-- Quantized checkpoints of the same model: the organisation's own with what they declare, then those of others with
-- their format.
local function variants_of(entry, siblings)
  local variants, name, seen = vw.list {}, base_name(entry.id), { [entry.id:lower()] = true }
  local function add(variant)
    if variant.quantization and not seen[variant.id:lower()] then
      seen[variant.id:lower()] = true
      variants[#variants + 1] = variant
    end
  end
  for _, other in ipairs(siblings) do
    if base_name(other.id) == name then
      add { id = other.id, quantization = quantization_of(other), config = declared(other),
        hf_quant_config = other.hf_quant_config }
    end
  end
  for _, other in ipairs(elsewhere[organisation_of(entry.id) .. "/" .. name] or {}) do
    add { id = other[1], quantization = other[2], format = other[3] }
  end
  return variants
end

-- The model in 16 bit that a quantized checkpoint was made of. nil: it is one, or nobody knows.
local function base_of(entry, siblings)
  if not quantization_of(entry) then return nil end
  local name, wanted = base_name(entry.id), entry.id:lower()
  for _, other in ipairs(siblings) do
    if base_name(other.id) == name and not quantization_of(other) then return other.id end
  end
  local found
  for id, variants in pairs(elsewhere) do
    for _, variant in ipairs(variants) do
      if variant[1]:lower() == wanted and (not found or id < found) then found = id end
    end
  end
  return found
end

-- "qwen2.5-", "-instruct" of qwen2.5-7b-instruct.
local function around_size(id) return id:lower():match("^(.-)%d+%.?%d*b%f[%W](.*)$") end

-- Other sizes of the organisation's model, stored in the same way, nearest in size first.
local function sizes_of(entry, siblings)
  local before, after = around_size(entry.id)
  local found, ids = {}, vw.list {}
  for _, other in ipairs(siblings) do
    local others_before, others_after = around_size(other.id)
    if before and entry.params and other.params and other.id ~= entry.id and others_before == before and others_after == after
        and quantization_of(other) == quantization_of(entry) then
      found[#found + 1] = other
    end
  end
  local function far(other) return math.abs(math.log(other.params / entry.params)) end
  table.sort(found, function(a, b) return far(a) < far(b) or far(a) == far(b) and a.id < b.id end)
  for at, other in ipairs(found) do ids[at] = other.id end
  return ids
end

local function notes_of(entry)
  local notes = vw.list {}
  local function add(text) notes[#notes + 1] = text end
  if entry.note then add(entry.note) end
  if entry.derived_from then
    add("config as of " .. entry.derived_from .. ", its sizes checked against a listing of this repository")
  elseif entry.provenance == "catalogue" then
    add("config put together from a listing of this repository and confirmed by its number of parameters")
  end
  if entry.unread then add(entry.unread .. " of this repository was not read: the publisher's usual one is assumed") end
  if entry.gated then
    add("gated: huggingface.co gives access on request" .. (entry.license and ", license " .. entry.license or ""))
  end
  if entry.source then add("config read in: " .. entry.source) end
  return notes
end

local function describe(model)
  local organisation = organisation_of(model)
  if organisation == "" then return nil end
  local siblings, wanted = entries_of(organisation), model:lower()
  for _, entry in ipairs(siblings) do
    if entry.id:lower() == wanted then
      return { id = entry.id, source = "catalogue", location = "offline catalogue",
        config = entry.class_defaults and completed(entry.config, entry.class_defaults) or entry.config,
        hf_quant_config = entry.hf_quant_config, params = entry.params,
        params_basis = entry.params and (bases[entry.params_basis or "exact"] or entry.params_basis),
        weights_bytes = entry.weights_bytes, notes = notes_of(entry), variants = variants_of(entry, siblings),
        base = base_of(entry, siblings), sizes = sizes_of(entry, siblings) }
    end
  end
end

local function list(filter)
  local found, wanted = vw.list {}, (filter or ""):lower()
  for _, entry in ipairs(all_entries()) do
    if entry.id:lower():find(wanted, 1, true) then
      found[#found + 1] = { id = entry.id, params = entry.params, quantization = quantization_of(entry) }
    end
  end
  return found
end

-- Insertions, deletions and replacements between two texts, or `most` when there are more.
local function distance(a, b, most)
  if math.abs(#a - #b) >= most then return most end
  local row = {}
  for j = 0, #b do row[j] = j end
  for i = 1, #a do
    local diagonal, least = row[0], i
    row[0] = i
    for j = 1, #b do
      local cost = a:byte(i) == b:byte(j) and diagonal or 1 + math.min(diagonal, row[j], row[j - 1])
      diagonal, row[j] = row[j], cost
      if cost < least then least = cost end
    end
    if least >= most then return most end
  end
  return math.min(row[#b], most)
end

-- How far an id is from what was asked: names count when the organisation is missing or another one.
local function farness(id, wanted, wanted_name, most)
  local name = id:match("[^/]+$")
  local far = math.min(distance(id, wanted, most), distance(name, wanted_name, most) + 1)
  if far >= 3 and name:find(wanted_name, 1, true) then far = 3 end
  return far
end

local function suggest(model)
  local wanted = model:lower()
  local wanted_name = wanted:match("[^/]+$") or wanted
  local most = #wanted_name // 3 + 2
  local near = {}
  for _, entry in ipairs(all_entries()) do
    local far = farness(entry.id:lower(), wanted, wanted_name, most)
    if far < most then near[#near + 1] = { entry.id, far } end
  end
  table.sort(near, function(a, b)
    if a[2] ~= b[2] then return a[2] < b[2] end
    return a[1] < b[1]
  end)
  local ids = vw.list {}
  for at = 1, math.min(5, #near) do ids[at] = near[at][1] end
  return ids
end

return vw.source {
  id = "catalogue", summary = "models described in scripts/models, no network needed",
  ask = function(request)
    if request.verb == "describe" then return describe(request.model) end
    if request.verb == "list" then return list(request.filter) end
    if request.verb == "suggest" then return suggest(request.model) end
  end,
}
