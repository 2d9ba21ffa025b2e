-- config.yaml: the arguments of the server for `vllm serve --config config.yaml`.
local serve = require "_serve"

-- vllm/utils/argparse_utils.py, load_config_file: keys are long options without their dashes, true is a switch, a list
-- is several words, and anything else becomes one word by str().
local function value_of(words)
  if #words == 0 then return true end
  if #words > 1 then return words end
  local number = #words[1] < 10 and (words[1]:match("^[1-9]%d*$") or words[1]:match("^0%.%d*[1-9]$"))
  return number and tonumber(number) or words[1]
end

-- { key, words } of a group of words; nil for what a file cannot hold.
local function entry(group)
  local name, value = group[1]:match("^%-%-([^=]+)=(.*)$")
  name = name or group[1]:match("^%-%-([^=]+)$")
  if not name then return nil end
  local words = { value }
  for index = 2, #group do words[#words + 1] = group[index] end
  return name, words
end

local function render(request)
  local plan = request.plan
  local data = { model = serve.model(plan) }
  for _, group in ipairs(serve.flags(plan, request.release)) do
    local name, words = entry(group)
    if not name then
      return { left_out = serve.clean("a file holds long options only, not " .. group[1]) }
    end
    data[name] = value_of(words)
  end
  return { file = "config.yaml", format = "yaml", data = data }
end

return vw.renderer { id = "config", summary = "file for vllm serve --config", render = render }
