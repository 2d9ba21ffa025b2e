local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "the card by SkyPilot's name", function()
    local made = rendered({ hardware = { gpu_id = "a100-sxm4-80gb" }, config = { tensor_parallel_size = 2 } }).data
    vw.expect(made.resources.accelerators, { ["A100-80GB"] = 2 })
    vw.expect(made.run, "vllm serve org/model --tensor-parallel-size 2 --max-model-len 4096 "
      .. "--gpu-memory-utilization 0.90")
  end },
  { "a card that it may not have is left out", function()
    vw.expect(rendered({ hardware = { gpu_id = "mystery" } }),
      { left_out = "SkyPilot's name of NVIDIA L4 is not known" })
  end },
  { "so is a folder of this machine", function()
    vw.expect(rendered({ hardware = { gpu_id = "l4" }, config = { model = "/models/x" } }),
      { left_out = "takes a model of the Hub, and this one is a folder of this machine" })
  end },
  require "_missing_checkpoint" (subject),
}
