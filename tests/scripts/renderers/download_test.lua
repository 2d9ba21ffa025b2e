local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "the checkpoint of its revision, then its size", function()
    local commands = rendered({ model = { weights_bytes = 1e9 }, config = { revision = "v 1" } }).data.commands
    vw.expect(commands[1].raw, "folder=$(hf download --quiet org/model --revision 'v 1' --exclude 'original/*' "
      .. "--exclude 'consolidated*' | tail -n 1)")
    vw.expect(commands[2].raw:find("1000000000 planned", 1, true) ~= nil, true)
  end },
  { "sizes of another checkpoint are not guessed", function()
    local commands = rendered({ config = { model = "org/model-AWQ" } }).data.commands
    vw.expect(commands[2], { raw = 'echo "$folder"' })
  end },
  require "_missing_checkpoint" (subject),
}
