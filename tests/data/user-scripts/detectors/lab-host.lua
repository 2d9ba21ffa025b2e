-- The GPUs of one machine, written down: for hosts where no tool can be run. A detector that asks a tool calls
-- vw.run({ "tool", "--option" }, timeout_s) and reads its output.
local function card(index)
  return { index = index, name = "Lab Accelerator 64GB", uuid = "GPU-lab-" .. index,
    vram_mib = 65536, vram_used_mib = 512, vram_free_mib = 65024, compute_capability = 9.0,
    driver_version = "570.86.15", cuda_version = "12.8" }
end

local function ask(request)
  if request.verb ~= "detect" then return nil end
  return {
    status = "ok", tool = "lab-host", driver_version = "570.86.15", cuda_version = "12.8",
    gpus = { card(0), card(1) }, links = { { a = 0, b = 1, kind = "nvlink", detail = "NV18" } },
  }
end

return vw.detector { id = "lab-host", summary = "the two GPUs of the lab's host", ask = ask }
