-- The tensors of the checkpoint's safetensors headers, matched to the matrices of a family: in which format each matrix
-- of each layer is really stored, which tensors no matrix explains, which matrices have no tensor. Used by _blocks.lua;
-- the names are in _names.lua, the formats in _layouts.lua.
local N, LAYOUTS = require("_names"), require("_layouts")

local T = {}

local FLOATS = { F64 = true, F32 = true, F16 = true, BF16 = true }

local function rewritten(name, rules)
  for _, rule in ipairs(rules) do name = name:gsub(rule[1], rule[2]) end
  return name
end

-- Numbers between dots are stars in the rows; a family may spell one.
local function canonical(name)
  name = name:gsub("%.%d+%.", ".*."):gsub("%.%d+$", ".*")
  return rewritten(name, N.same)
end

local function stacked(name) return rewritten(name, N.stacked) end

-- Module and word of a tensor's name; the word is nil for a tensor that is called like its module.
local function split(pattern)
  for _, entry in ipairs(N.tensors) do
    local ending = entry[1]
    if #pattern > #ending and pattern:sub(-#ending) == ending then return pattern:sub(1, -#ending - 1), entry[2] end
  end
end

local function add(index, name, word, row)
  index[name] = index[name] or {}
  index[name][word] = index[name][word] or {}
  table.insert(index[name][word], row)
end

local function elements_of(shape)
  local elements = 1
  for _, size in ipairs(shape) do elements = elements * size end
  return elements
end

-- rows: what a source says of the tensors ({ pattern, dtype, shape, count, bytes, at }). nil where it says nothing.
function T.open(rows)
  if type(rows) ~= "table" or #rows == 0 then return nil end
  local headers = { rows = {}, named = {}, stacked = {}, placed = 0, count = 0, differing = 0, missing = {},
    unequal = {}, place = T.place, report = T.report }
  for at, given in ipairs(rows) do
    local row = { pattern = given.pattern, dtype = given.dtype, shape = given.shape, count = given.count,
      elements = elements_of(given.shape), bytes = given.bytes / given.count, at = given.at or {}, taken = {} }
    headers.rows[at] = row
    headers.count = headers.count + row.count
    local whole = canonical(row.pattern)
    add(headers.named, whole, "itself", row)
    add(headers.stacked, stacked(whole), "itself", row)
    local module, word = split(row.pattern)
    if module then
      module = canonical(module)
      add(headers.named, module, word, row)
      add(headers.stacked, stacked(module), word, row)
    end
  end
  return headers
end

-- Tensors of a row that lie in a layer; all of them without one.
local function count_in(row, layer)
  if not layer then return row.count end
  for _, run in ipairs(row.at) do
    if layer >= run[1] and layer <= run[2] then return run[3] end
  end
  return 0
end

-- Modules of the checkpoint behind a matrix: by the family's names, else by what vLLM stacks.
local function modules_of(headers, names)
  local found = {}
  local function collect(index, rewrite)
    local seen = {}
    for _, name in ipairs(names) do
      local key = rewrite(canonical(name))
      if index[key] and not seen[key] then found[#found + 1] = index[key] end
      seen[key] = true
    end
  end
  collect(headers.named, function(name) return name end)
  if #found == 0 then collect(headers.stacked, stacked) end
  return found
end

-- Sums up the tensors called `word` in these modules and one layer.
local function part(modules, word, layer)
  local sum = { elements = 0, count = 0 }
  for _, module in ipairs(modules) do
    for _, row in ipairs(module[word] or {}) do
      local count = count_in(row, layer)
      if count > 0 then
        sum.elements, sum.count = sum.elements + count * row.elements, sum.count + count
        sum.dtype, sum.shape = row.dtype, row.shape
      end
    end
  end
  return sum
end

local function take(headers, modules, word, layer)
  for _, module in ipairs(modules) do
    for _, row in ipairs(module[word] or {}) do
      local count = count_in(row, layer)
      local key = layer or "all"
      if count > 0 and not row.taken[key] then
        row.taken[key] = true
        headers.placed = headers.placed + count
      end
    end
  end
end

-- A matrix takes its weights with all that comes with them; biases are matrices of their own.
local function take_matrix(headers, modules, is_bias, layer)
  local words = {}
  for _, module in ipairs(modules) do
    for word in pairs(module) do
      if is_bias == (word == "bias") or word == "itself" then words[word] = true end
    end
  end
  for word in pairs(words) do take(headers, modules, word, layer) end
end

local function holds(list, value)
  for _, one in ipairs(list) do
    if one == value then return true end
  end
  return false
end

-- Inputs that share a scale; nil when the scales are not as the row of the layout says.
local function group_of(layout, matrix, scales)
  if layout.per == "tensor" then return scales.elements == scales.count and 0 or nil end
  if layout.per == "row" then return scales.elements == matrix.rows and 0 or nil end
  if layout.per == "group" then
    local group = scales.elements > 0 and matrix.elements / scales.elements or 0
    return group > 1 and group == math.floor(group) and math.tointeger(group) or nil
  end
  return scales.elements * layout.per == matrix.elements and 0 or nil
end

-- Integers packed along the outputs have narrower rows than their scales.
local function is_packed(layout, main, scales)
  if not layout.packed then return true end
  local along = main.shape[#main.shape] == scales.shape[#scales.shape] and "inputs" or "outputs"
  return layout.packed == along
end

local function fits(layout, matrix, modules, layer)
  local main = part(modules, layout.main, layer)
  if main.count == 0 or not holds(layout.dtypes, main.dtype) then return nil end
  if main.elements * layout.values ~= matrix.elements then return nil end
  if layout.with and part(modules, layout.with, layer).count == 0 then return nil end
  if not layout.scale then return 0 end
  local scales = part(modules, layout.scale, layer)
  if scales.count == 0 or not is_packed(layout, main, scales) then return nil end
  return group_of(layout, matrix, scales)
end

-- Plain numbers: { elements, dtype }, nil when the matrix is stored otherwise or not at all.
local function plain(modules, is_bias, layer)
  local weight = part(modules, "itself", layer)
  if weight.count == 0 then weight = part(modules, is_bias and "bias" or "weight", layer) end
  return weight.count > 0 and FLOATS[weight.dtype] and weight or nil
end

local PLAIN = { bf16 = true, fp16 = true, fp32 = true }

-- The format that the tensors show, and the inputs that share a scale where the format does not say. `expected` is
-- what the config says: it decides between formats that look alike.
local function seen_format(storage, matrix, modules, layer, expected)
  if plain(modules, matrix.is_bias, layer) then return PLAIN[expected] and expected or storage.dtype end
  for _, layout in ipairs(LAYOUTS) do
    local group = fits(layout, matrix, modules, layer)
    if group then
      local is_known = holds(layout.formats, expected) or
        (matrix.is_expert and layout.experts and holds(layout.experts, expected))
      return is_known and expected or layout.formats[1], group > 1 and group or nil
    end
  end
end

-- The number that a family spells out in a name ("merger.mlp.2").
local function number_in(name) return math.tointeger(tonumber(name:match("%.(%d+)%.") or name:match("%.(%d+)$"))) end

-- Layers that predict further tokens are numbered on, or from 0 under a name of their own.
local function layer_of(modules, layer, layers)
  if not layer or layer < layers then return layer end
  for _, module in ipairs(modules) do
    for _, rows in pairs(module) do
      for _, row in ipairs(rows) do
        if count_in(row, layer) > 0 then return layer end
      end
    end
  end
  return layer - layers
end

local function stored_elements(modules, is_bias, layer)
  local weight = plain(modules, is_bias, layer)
  return weight and weight.elements
end

local function any_in(modules, is_bias, layer)
  for _, module in ipairs(modules) do
    for word, rows in pairs(module) do
      local is_asked = word == "itself" or is_bias == (word == "bias")
      for _, row in ipairs(is_asked and rows or {}) do
        if count_in(row, layer) > 0 then return true end
      end
    end
  end
  return false
end

-- Notes a name once.
local function note(list, name, elements)
  if not list[name] then
    list[#list + 1] = name
    list[name] = 0
  end
  list[name] = list[name] + elements
end

-- Looks one matrix up: matrix = { role, outputs, inputs, copies }, names with stars, layer (nil: none), layers of the
-- model, expected (format by the config), fixed = true when vLLM stores it so whatever the file holds. Returns the
-- format and, where the tensors say it, the inputs that share a scale.
function T.place(storage, given, names, layer, layers, expected, fixed)
  local headers = storage.headers
  local is_bias = given.role:find("_bias$") ~= nil
  local matrix = { is_bias = is_bias, is_expert = given.role:find("^experts_") ~= nil,
    rows = given.outputs * given.copies, elements = given.outputs * given.inputs * given.copies }
  local modules = modules_of(headers, names)
  layer = layer_of(modules, layer or number_in(names[1]), layers)
  if #modules == 0 or not any_in(modules, is_bias, layer) then
    note(headers.missing, names[1], matrix.elements)
    return expected
  end
  local found, group = seen_format(storage, matrix, modules, layer, expected)
  take_matrix(headers, modules, is_bias, layer)
  local elements = stored_elements(modules, is_bias, layer)
  if not found or (elements and elements ~= matrix.elements) then note(headers.unequal, names[1], 0) end
  if fixed or not found then return expected end
  if found ~= expected then
    headers.differing = headers.differing + 1
    headers.first_differing = headers.first_differing or { names[1], found, expected }
  end
  return found, group
end

local function matches(name, patterns)
  for _, pattern in ipairs(patterns) do
    if name:find(pattern) then return true end
  end
  return false
end

-- What a tensor belongs to by its name: "mtp", "tower", or "target", whose layers have numbers below the model's.
local function role_of(row)
  if matches(row.pattern, N.predicting) then return "mtp" end
  return matches(row.pattern, N.towers) and "tower" or "target"
end

-- Bytes of one tensor as vLLM holds it: floats in the model's type.
local function loaded_bytes(row, storage)
  if not FLOATS[row.dtype] then return row.bytes end
  return row.elements * (storage.dtype == "fp32" and 4 or 2)
end

-- The runs of layers of a row that no matrix took, split where what they belong to changes: { first, last, count }.
local function runs_left(row, layers)
  local runs, open, own = {}, nil, role_of(row)
  local is_numbered = own == "target" and row.pattern:find("layers%.%*") ~= nil
  for _, run in ipairs(row.at) do
    for layer = run[1], run[2] do
      local role = is_numbered and layer >= layers and "mtp" or own
      if row.taken[layer] then
        open = nil
      elseif open and open.role == role and open.last == layer - 1 and open.count == run[3] then
        open.last = layer
      else
        open = { first = layer, last = layer, count = run[3], role = role }
        runs[#runs + 1] = open
      end
    end
  end
  return runs
end

-- What no matrix took: { pattern, role, bytes (at one place), at (run of layers, nil: no layer) }.
local function left_over(headers, storage, layers, tied)
  local found = {}
  local function leave(row, role, count, at)
    found[#found + 1] = { pattern = row.pattern, role = role, bytes = math.floor(count * loaded_bytes(row, storage)),
      at = at }
  end
  for _, row in ipairs(headers.rows) do
    local skipped = row.taken.all or matches(row.pattern, N.not_loaded) or (tied and row.pattern:find("lm_head%."))
    if not skipped and #row.at == 0 then leave(row, role_of(row), row.count) end
    for _, run in ipairs(skipped and {} or runs_left(row, layers)) do
      leave(row, run.role, run.count, { run.first, run.last })
    end
  end
  return found
end

local function some_of(names)
  local shown = {}
  for at = 1, math.min(#names, 3) do shown[at] = names[at] end
  return table.concat(shown, ", ") .. (#names > 3 and (" and %d more"):format(#names - 3) or "")
end

local function warnings_of(headers, unexplained)
  local texts = {}
  local function warn(format, ...) texts[#texts + 1] = format:format(...) end
  local names = {}
  for at, row in ipairs(unexplained) do names[at] = row.pattern end
  if #names > 0 then
    warn("tensors of the checkpoint that no matrix of the family explains, counted on every GPU: %s", some_of(names))
  end
  if #headers.missing > 0 then
    warn("the checkpoint's headers hold no tensor for %s: counted by shape", some_of(headers.missing))
  end
  if #headers.unequal > 0 then
    warn("tensors of another size or format than the family counts: %s: counted by shape", some_of(headers.unequal))
  end
  if headers.differing > 0 then
    local first = headers.first_differing
    warn("%d matrices are stored otherwise than config.json says, the first %s: %s, not %s; counted as stored",
      headers.differing, first[1], first[2], first[3])
  end
  return texts
end

-- Numbered layers behind the last one: of a model that predicts several tokens, else config.json does not know them.
local function beyond(m, rows)
  local last = -1
  for _, row in ipairs(rows) do
    if row.role == "mtp" and row.at and row.pattern:find("layers%.%*") and not matches(row.pattern, N.predicting) then
      last = math.max(last, row.at[2])
    end
  end
  local predicts = (m.config.num_nextn_predict_layers or m.root.num_nextn_predict_layers or 0) ~= 0
  for _, group in ipairs(m.groups) do predicts = predicts or group.role == "mtp" end
  if last < m.layers or predicts then return nil end
  return ("the checkpoint holds layers up to number %d, but config.json lists %d: left out, vLLM may refuse to load it")
    :format(last, m.layers)
end

local function sum(rows)
  local bytes = 0
  for _, row in ipairs(rows) do bytes = bytes + row.bytes * (row.at and row.at[2] - row.at[1] + 1 or 1) end
  return bytes
end

-- The tensors' part of the normal form: { count, placed, exact, unexplained = { { pattern, role, bytes, at } },
-- warnings }. Tensors under names that nobody knows stand in for matrices without any: they are
-- not counted twice.
function T.report(m)
  local storage = m.storage
  local headers = storage.headers
  local rows, missing = left_over(headers, storage, m.layers, m.tied), 0
  for _, name in ipairs(headers.missing) do missing = missing + headers.missing[name] end
  local target, others = {}, vw.list {}
  for _, row in ipairs(rows) do
    if row.role == "target" then target[#target + 1] = row end
  end
  local is_counted = 2 * missing < sum(target) / 2
  for _, row in ipairs(rows) do
    if (row.role ~= "target" or is_counted) and #others < 200 then
      others[#others + 1] = { pattern = row.pattern, role = row.role, bytes = row.bytes, at = row.at }
    end
  end
  local warnings = warnings_of(headers, target)
  warnings[#warnings + 1] = beyond(m, rows)
  return { count = headers.count, placed = headers.placed, unexplained = others,
    exact = #target == 0 and #headers.missing == 0 and #headers.unequal == 0,
    warnings = vw.list(warnings) }
end

return T
