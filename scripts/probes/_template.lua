-- A server probe. Gets the page of metrics with vw.run({ "tool", "--option" }, timeout_s) and takes it apart.
local function labels_of(text)
  local labels = {}
  for name, value in text:gmatch('([%w_]+)="([^"]*)"') do labels[name] = value end
  return labels
end

-- "x_bucket" belongs to x, where x is wanted.
local function family_of(name, wanted)
  for _, family in ipairs(wanted) do
    for _, ending in ipairs { "", "_bucket", "_sum", "_count" } do
      if name == family .. ending then return family end
    end
  end
end

local function families_of(page, wanted)
  local families = {}
  for line in page:gmatch("[^\n]+") do
    local name, labels, value = line:match("^([%w:_]+)(%b{}) (%S+)")
    local family = name and family_of(name, wanted)
    if family then
      families[family] = families[family] or vw.list {}
      table.insert(families[family], { name = name, labels = labels_of(labels), value = tonumber(value) })
    end
  end
  return families
end

local function ask(request)
  if request.verb ~= "probe" then return nil end
  local result = vw.run({ "my-metrics-tool", request.url }, request.timeout_s or 5)
  if result["end"] ~= "exited" or result.exit_code ~= 0 then
    return { status = "failed", message = "my-metrics-tool did not answer", hint = "is it on the PATH?" }
  end
  return { status = "ok", families = families_of(result.output, request.families or {}) }
end

return vw.probe { id = "${id}", summary = "reads what my-metrics-tool prints", ask = ask }
