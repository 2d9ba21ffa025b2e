-- serve_command.sh: the server on the machine itself; of several, a script each and one that starts all in order.
local pack, serve = require "_pack", require "_serve"

local function words_of(plan, release)
  local words = {}
  for _, list in ipairs { serve.visible_cards(plan), serve.environment(plan) } do
    for _, variable in ipairs(list) do
      if #words == 0 then words[1] = "env" end
      words[#words + 1] = variable[1] .. "=" .. variable[2]
    end
  end
  words[#words + 1] = "vllm"
  words[#words + 1] = "serve"
  for _, word in ipairs(serve.words(plan, release)) do words[#words + 1] = word end
  return words
end

local function render(request)
  return {
    artifact = "serve_command", file = "serve_command.sh", format = "shell", executable = true,
    data = { comments = serve.comments(request.plan, request.release),
      commands = { words_of(request.plan, request.release) } },
  }
end

-- A server that gives up ends the wait for it, and with it all.
local function start_and_wait(server, file)
  return string.format("./%s &\nserver=$!\nuntil curl --fail --silent --output /dev/null %s; do\n  kill -0 \"$server\"\n"
    .. "  sleep 5\ndone", file, pack.health_url(server))
end

local function render_pack(request)
  local files, steps = {}, { { raw = 'cd "$(dirname "$0")"' }, { raw = "trap 'kill $(jobs -p)' EXIT" } }
  for index, server in ipairs(request.servers) do
    local file = "serve-" .. server.name .. ".sh"
    files[index] = { file = file, format = "shell", executable = true, data = {
      comments = pack.comments(server, request.release), commands = { words_of(server.plan, request.release) } } }
    steps[#steps + 1] = { raw = start_and_wait(server, file) }
  end
  steps[#steps + 1] = { raw = "wait -n" }
  files[#files + 1] = { file = "serve-all.sh", format = "shell", executable = true, data = {
    comments = { "starts each server when the one before answers; all stop when one does" }, commands = steps } }
  return { files = files }
end

return vw.renderer { id = "command", summary = "shell script with the vllm serve command", render = render,
  render_pack = render_pack }
