-- Checkpoints of NVIDIA ModelOpt that store layers in several formats: their list `quantized_layers` names the method
-- of every quantized module, and what is not in it stays in 16 bit.
local M = {}

local FORMATS = { FP8 = "fp8", NVFP4 = "nvfp4", W4A16_NVFP4 = "nvfp4", MXFP8 = "mxfp8" }

local function nested(value, key) return type(value) == "table" and value[key] or nil end

-- The list as exact names and patterns to format ids, or false when the checkpoint has none.
local function open(checkpoint)
  local list = nested(checkpoint.quantization_config, "quantized_layers") or
    nested(nested(checkpoint.hf_quant_config, "quantization"), "quantized_layers")
  if type(list) ~= "table" then return false end
  local mixed = { names = {}, patterns = {} }
  for name, method in pairs(list) do
    local format = FORMATS[nested(method, "quant_algo")]
    if name:find("*", 1, true) then
      local pattern = "^" .. name:gsub("[%.%-%+]", "%%%0"):gsub("%*", "[^.]+") .. "$"
      mixed.patterns[#mixed.patterns + 1] = { pattern, format }
    else
      mixed.names[name] = format
    end
  end
  table.sort(mixed.patterns, function(a, b) return a[1] < b[1] end)
  return mixed
end

-- The format of a module or of a module around it.
local function format_of(mixed, name)
  while name do
    if mixed.names[name] then return mixed.names[name] end
    for _, rule in ipairs(mixed.patterns) do
      if name:find(rule[1]) then return rule[2] end
    end
    name = name:match("^(.*)%.[^.]*$")
  end
end

-- Corrects stored_as of all matrices of a layer or of the model; does nothing for checkpoints of one format.
function M.settle(target)
  local m = target.model
  if m.mixed == nil then m.mixed = open(m.checkpoint) end
  if not m.mixed then return end
  for _, matrix in ipairs(target.matrices) do
    local format
    for _, name in ipairs(matrix.stored_as ~= "fp32" and matrix.inputs > 1 and matrix.names or {}) do
      if target.index then name = name:gsub("%*", tostring(target.index), 1) end
      name = name:gsub("%*", "0")
      -- lists of multimodal checkpoints name the decoder with the wrapper around it or without
      format = format or format_of(m.mixed, name) or format_of(m.mixed, (name:gsub("language_model%.", "", 1)))
    end
    if matrix.stored_as ~= "fp32" then matrix.stored_as = format or m.storage.dtype end
  end
end

return M
