-- A Grafana dashboard from rows of panels; github.com/grafana/grafana, packages/grafana-schema: Dashboard.
local dashboard = {}
local columns, width, height = 2, 12, 8

local source = { type = "prometheus", uid = "${datasource}" }

local function targets(queries)
  local list = {}
  for index, query in ipairs(queries) do
    list[index] = { refId = string.char(64 + index), expr = query[2], legendFormat = query[1], datasource = source }
  end
  return list
end

local function panel(index, wanted)
  local position = index - 1
  return {
    id = index, type = "timeseries", title = wanted.title, description = wanted.description, datasource = source,
    gridPos = { x = position % columns * width, y = position // columns * height, w = width, h = height },
    targets = targets(wanted.queries),
    fieldConfig = { defaults = { unit = wanted.unit, min = 0 }, overrides = vw.list {} },
  }
end

-- `panels`: a list of { title, unit, description, queries = { { legend, expression }, ... } }.
function dashboard.of(title, uid, panels)
  local list = {}
  for index, wanted in ipairs(panels) do list[index] = panel(index, wanted) end
  local choice = { name = "datasource", type = "datasource", query = "prometheus", label = "Prometheus" }
  return {
    title = title, uid = uid, tags = { "vllm" }, schemaVersion = 39, refresh = "30s", editable = true,
    time = { from = "now-1h", to = "now" }, templating = { list = { choice } }, panels = list,
  }
end

return dashboard
