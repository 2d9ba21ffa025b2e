-- lab.service: the server as a systemd unit. Shows a text artifact and the checked list of arguments that every
-- artifact starts from: `plan.config`.
local function argument(word)
  return '"' .. word:gsub("\\", "\\\\"):gsub('"', '\\"'):gsub("%%", "%%%%"):gsub("%$", "$$"):gsub("%c", " ") .. '"'
end

local function render(request)
  local config = request.plan.config
  local words = { "vllm", "serve", config.model, "--max-model-len", string.format("%d", config.max_model_len),
    "--tensor-parallel-size", string.format("%d", config.tensor_parallel_size) }
  for index, word in ipairs(words) do words[index] = argument(word) end
  local lines = {
    "[Unit]", "Description=vLLM", "After=network-online.target", "",
    "[Service]", "ExecStart=/usr/bin/env " .. table.concat(words, " "), "Restart=on-failure", "",
    "[Install]", "WantedBy=multi-user.target", "",
  }
  return { file = "lab.service", format = "text", data = table.concat(lines, "\n") }
end

return vw.renderer { id = "lab-unit", summary = "systemd unit", render = render }
