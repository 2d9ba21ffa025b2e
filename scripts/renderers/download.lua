-- download.sh: the checkpoint into the Hub's cache, and whether all of it came.
local container, scope, serve, sizing = require "_container", require "_scope", require "_serve", require "_sizing"

-- vllm/model_executor/model_loader: these are not read.
local unread = { "--exclude", "original/*", "--exclude", "consolidated*" }

local function fetch(plan)
  local words = { "hf", "download", "--quiet", serve.model(plan) }
  if plan.config.revision then table.move({ "--revision", plan.config.revision }, 1, 2, 5, words) end
  table.move(unread, 1, #unread, #words + 1, words)
  for index, word in ipairs(words) do words[index] = serve.quoted(word) end
  return { raw = 'folder=$(' .. table.concat(words, " ") .. " | tail -n 1)" }
end

local check = [[sizes=$(find -L "$folder" -maxdepth 1 -name '*.safetensors' -printf '+%%s')
[ -n "$sizes" ] || sizes=$(find -L "$folder" -maxdepth 1 -name '*.bin' -printf '+%%s')
bytes=$((0$sizes))
echo "$folder: $bytes bytes of weights, about %.0f planned"
if [ "$bytes" -lt %.0f ]; then echo "too few: the download is not whole" >&2; exit 1; fi
if [ "$bytes" -gt %.0f ]; then echo "more than planned: is this the checkpoint that was meant?" >&2; exit 1; fi]]

local function render(request)
  local plan, bytes, disk = request.plan, sizing.weights_bytes(request.plan), sizing.rules.disk
  local out = scope.left_out(plan, "local_model")
  if out then return out end
  local commands = { fetch(plan) }
  local comments = serve.comments(plan, request.release, true)
  comments[#comments + 1] = "hf is of huggingface_hub 0.34 and later; HF_TOKEN is taken from the environment"
  if bytes and serve.model(plan) == plan.model.id then
    commands[2] = { raw = check:format(bytes, bytes * (1 - disk.most_short), bytes * (1 + disk.most_over)) }
  else
    comments[#comments + 1] = "not checked: nobody read the sizes of this checkpoint"
    commands[2] = { raw = 'echo "$folder"' }
  end
  return { file = "download.sh", format = "shell", data = { comments = comments, commands = commands } }
end

return vw.renderer { id = "download", summary = "shell script that downloads the weights and checks them",
  render = render }
