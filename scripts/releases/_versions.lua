-- Which of a list of names a release knows. An entry is a name, or { name, since = , before = , instead = }:
-- `before` is the first release without it, `instead` what its users should write.
local versions = {}

-- "0.10.2" as one number that sorts like the version: each piece below 1000. Many entries share few versions.
local ranks = {}
local function rank(version)
  if not ranks[version] then
    local major, minor, patch = version:match("^(%d+)%.?(%d*)%.?(%d*)")
    ranks[version] = (tonumber(major) * 1000 + (tonumber(minor) or 0)) * 1000 + (tonumber(patch) or 0)
  end
  return ranks[version]
end

local function is_before(left, right) return rank(left) < rank(right) end

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

-- The same for a table of lists.
function versions.known_values(lists, version)
  local known = {}
  for name, entries in pairs(lists) do known[name] = versions.known(entries, version) end
  return known
end

-- Releases that nobody here read lie between these: a flag that is first seen in one may have come right after the other.
local unread = { ["0.26.0"] = "0.17.0" }

-- The first release that may have what is surely there `since`.
local function earliest(since)
  if unread[since] then return unread[since] end
  local major, minor = since:match("^(%d+)%.(%d+)")
  return string.format("%d.%d", tonumber(major), math.max(tonumber(minor) - 1, 0))
end

local function not_yet(entries, version, is_wanted)
  local map = {}
  for _, entry in ipairs(entries) do
    local since = type(entry) == "table" and entry.since
    if since and is_before(version, since) and is_wanted(since) then map[entry[1]] = since end
  end
  return map
end

-- What surely comes later, and what is credited to a later release but may be there: name to that release.
function versions.later(entries, version)
  return not_yet(entries, version, function(since) return is_before(version, earliest(since)) end)
end
function versions.doubtful(entries, version)
  return not_yet(entries, version, function(since) return not is_before(version, earliest(since)) end)
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
