local function has(list, wanted)
  for _, item in ipairs(list) do if item == wanted then return true end end
  return false
end

return {
  { "a tenth of the memory is left alone and 256 sequences run on every card", function()
    vw.expect(subject.defaults.gpu_memory_utilization, 0.9)
    vw.expect(subject.defaults.max_num_seqs, 256)
  end },
  { "flags of later releases are not known, those it still had are not called removed", function()
    vw.expect(has(subject.flags, "--async-scheduling"), false)
    vw.expect(subject.removed_flags["--swap-space"], nil)
  end },
  { "the KV cache knows four types", function()
    vw.expect(subject.kv_cache_dtypes, { "auto", "fp8", "fp8_e4m3", "fp8_e5m2" })
  end },
  { "everything in use on the card is charged", function() vw.expect(subject.memory.era, "e0") end },
}
