local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "the command is a list of words, the token in a file of root's", function()
    local service = rendered({ config = { serving = { runner = "v1" } } }).data.sections[2].entries
    vw.expect(service[2], { "ExecStart", { "/usr/bin/env", "vllm", "serve", "org/model", "--max-model-len", "4096",
      "--gpu-memory-utilization", "0.90" } })
    vw.expect({ service[5], service[6] },
      { { "Environment", { "VLLM_USE_V2_MODEL_RUNNER=0" } }, { "EnvironmentFile", "-/etc/vllm/token" } })
  end },
  require "_missing_checkpoint" (subject),
}
