-- A GPU detector. Asks a tool with vw.run({ "tool", "--option" }, timeout_s) and reads its output.
local function card(line)
  local index, name, mib = line:match("^(%d+), ([^,]+), (%d+)$")
  if not index then return nil end
  return { index = math.tointeger(index), name = name, vram_mib = math.tointeger(mib), vram_used_mib = 0 }
end

local function ask(request)
  if request.verb ~= "detect" then return nil end
  local result = vw.run({ "my-gpu-tool", "--list" }, request.timeout_s or 10)
  if result["end"] == "not-found" then return { status = "absent", tool = "my-gpu-tool", gpus = vw.list {} } end
  if result["end"] ~= "exited" or result.exit_code ~= 0 then
    return { status = "failed", tool = "my-gpu-tool", message = result.errors, gpus = vw.list {} }
  end
  local gpus = vw.list {}
  for line in result.output:gmatch("[^\n]+") do gpus[#gpus + 1] = card(line) end
  return { status = #gpus > 0 and "ok" or "no-gpu", tool = "my-gpu-tool", gpus = gpus }
end

return vw.detector { id = "${id}", summary = "reads my-gpu-tool", ask = ask }
