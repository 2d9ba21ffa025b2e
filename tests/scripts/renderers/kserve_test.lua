local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "the container has the name and the port that KServe looks for", function()
    local predictor = rendered().data.spec.predictor
    vw.expect({ predictor.containers[1].name, predictor.containers[1].ports[1].containerPort },
      { "kserve-container", 8000 })
    vw.expect(predictor.containers[1].args[1], "org/model")
  end },
  require "_missing_checkpoint" (subject),
}
