return {
  { "two linked GPUs are there", function()
    local found = subject.ask { verb = "detect", timeout_s = 10 }
    vw.expect({ found.status, #found.gpus, found.gpus[2].index, found.links[1].kind }, { "ok", 2, 1, "nvlink" })
  end },
}
