-- What older releases call by other names, and lack.
local function takes(flag, value)
  for _, known in ipairs(subject.flag_values[flag]) do if known == value then return true end end
  return false
end

return {
  { "MTP goes by the name of each architecture", function()
    vw.expect({ takes("--spec-method", "mtp"), takes("--spec-method", "deepseek_mtp") }, { false, true })
    vw.expect(subject.mtp_methods.DeepseekV3ForCausalLM, "deepseek_mtp")
  end },
  { "draft models and suffixes are not drafted from", function()
    vw.expect({ takes("--spec-method", "draft_model"), takes("--spec-method", "suffix") }, { false, false })
    vw.expect({ takes("--spec-method", "ngram"), takes("--spec-method", "eagle3") }, { true, true })
  end },
  { "blocks are multiples of 16", function()
    for _, size in ipairs(subject.flag_values["--block-size"]) do vw.expect(tonumber(size) % 16, 0) end
  end },
  { "ranges of architectures are versions", function()
    for _, entry in ipairs(subject.architectures) do
      for _, version in ipairs({ entry.since or "1", entry.before or "1" }) do
        vw.expect(version:match("^%d+[%d.]*$"), version)
      end
    end
  end },
}
