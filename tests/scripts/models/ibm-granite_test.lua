local function config(id)
  for _, found in ipairs(subject.entries) do
    if found.id == id then return found.config end
  end
end

return {
  { "layers that are spelled out have one word each", function()
    local kinds = config("ibm-granite/granite-4.0-h-tiny").layer_types
    local attends = {}
    for layer, kind in ipairs(kinds) do
      if kind == "attention" then attends[#attends + 1] = layer end
    end
    vw.expect({ #kinds, attends }, { 40, { 6, 16, 26, 36 } })
  end },
}
