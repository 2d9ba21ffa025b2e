-- Which of a list of names a release knows. An entry is a name, or { name, since = , before = , instead = }:
-- `before` is the first release without it, `instead` what its users should write.
local versions = {}

local function numbers(version)
  local list = {}
  for digits in version:gmatch("%d+") do list[#list + 1] = tonumber(digits) end
  return list
end

local function is_before(left, right)
  local a, b = numbers(left), numbers(right)
  for i = 1, 3 do
    local x, y = a[i] or 0, b[i] or 0
    if x ~= y then return x < y end
  end
  return false
end

function versions.known(entries, version)
  local list = vw.list {}
  for _, entry in ipairs(entries) do
    local is_plain = type(entry) == "string"
    local too_early = not is_plain and entry.since and is_before(version, entry.since)
    local too_late = not is_plain and entry.before and not is_before(version, entry.before)
    if not too_early and not too_late then list[#list + 1] = is_plain and entry or entry[1] end
  end
  return list
end

function versions.removed(entries, version)
  local map = {}
  for _, entry in ipairs(entries) do
    local is_gone = type(entry) == "table" and entry.before and not is_before(version, entry.before)
    if is_gone and entry.instead then map[entry[1]] = entry.instead end
  end
  return map
end

return versions
