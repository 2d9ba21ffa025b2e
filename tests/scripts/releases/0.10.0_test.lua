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
  { "metrics go by their older names, the newer ones stand behind", function()
    vw.expect(subject.metrics.cache, { "vllm:gpu_cache_usage_perc", "vllm:kv_cache_usage_perc" })
    vw.expect(subject.metrics.token_time[1], "vllm:time_per_output_token_seconds")
    vw.expect(subject.metrics.prefix_hits[1], "vllm:prefix_cache_hits_total")
  end },
  { "ranges of architectures are versions", function()
    for _, entry in ipairs(subject.architectures) do
      for _, version in ipairs({ entry.since or "1", entry.before or "1" }) do
        vw.expect(version:match("^%d+[%d.]*$"), version)
      end
    end
  end },
}
