-- The case that every renderer of a server shares: no file is written for a checkpoint that nobody knows.
local plan = require "_plan"

return function(subject)
  return { "nothing is written of a model whose checkpoint in the format asked for is not known", function()
    local what_if = plan { config = { model = "org/model", missing_checkpoint = "gptq" } }
    vw.expect(vw.fails(function() subject.render { verb = "render", plan = what_if, release = {} } end),
      "no checkpoint of org/model stored as gptq is known, and vLLM cannot make one from 16 bit: find or make one and "
        .. "give it with -m, or keep -q off")
  end }
end
