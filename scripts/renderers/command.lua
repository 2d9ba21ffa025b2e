-- serve_command.sh: the server on the machine itself.
local serve = require "_serve"

local function render(request)
  local words = {}
  for _, variable in ipairs(serve.environment(request.plan)) do
    if #words == 0 then words[1] = "env" end
    words[#words + 1] = variable[1] .. "=" .. variable[2]
  end
  words[#words + 1] = "vllm"
  words[#words + 1] = "serve"
  for _, word in ipairs(serve.words(request.plan, request.release)) do words[#words + 1] = word end
  return {
    artifact = "serve_command", file = "serve_command.sh", format = "shell", executable = true,
    data = { comments = serve.comments(request.plan, request.release), commands = { words } },
  }
end

return vw.renderer { id = "command", summary = "shell script with the vllm serve command", render = render }
