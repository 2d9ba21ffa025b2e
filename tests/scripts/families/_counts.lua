-- Sums over a normal form, for the tests of families.
local counts = {}

local function sum(matrices)
  local total = 0
  for _, matrix in ipairs(matrices) do
    if not matrix.buffer then total = total + matrix.outputs * matrix.inputs * matrix.copies end
  end
  return total
end

-- Parameters of the model, those of its multi-token predictors apart, those of its towers (part of the first).
function counts.parameters(form)
  local total, predictors, towers = sum(form.matrices), 0, 0
  for _, group in ipairs(form.groups) do
    local here = sum(group.matrices) * #group.layers
    if group.role == "target" then total = total + here else predictors = predictors + here end
  end
  for _, tower in ipairs(form.towers) do towers = towers + sum(tower.matrices) end
  return total + towers, predictors, towers
end

-- { name = number of layers } of all groups.
function counts.groups(form)
  local found = {}
  for _, group in ipairs(form.groups) do found[group.name] = #group.layers end
  return found
end

function counts.group(form, name)
  for _, group in ipairs(form.groups) do
    if group.name == name then return group end
  end
  error("no group '" .. name .. "'", 2)
end

-- { role = stored_as } of a list of matrices, or of the model and one group.
function counts.stored(matrices)
  local found = {}
  for _, matrix in ipairs(matrices) do found[matrix.role] = matrix.stored_as end
  return found
end

-- A shallow copy with changes; a change of `false` removes the key.
function counts.with(config, changes)
  local copy = {}
  for key, value in pairs(config) do copy[key] = value end
  for key, value in pairs(changes) do copy[key] = value or nil end
  return copy
end

return counts
