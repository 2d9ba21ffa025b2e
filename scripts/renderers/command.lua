-- serve_command.sh: the server on the machine itself.
local serve = require "_serve"

local function render(request)
  local words = { "vllm", "serve" }
  for _, word in ipairs(serve.words(request.plan, request.release)) do words[#words + 1] = word end
  return {
    artifact = "serve_command", file = "serve_command.sh", format = "shell", executable = true,
    data = { comments = serve.comments(request.plan, request.release), commands = { words } },
  }
end

return vw.renderer { id = "command", summary = "shell script with the vllm serve command", render = render }
