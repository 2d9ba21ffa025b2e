return {
  { "cards of 160 GiB and more take 16,384 tokens a step", function()
    vw.expect(subject.defaults.max_num_batched_tokens[3], { least_gib = 160, value = 16384 })
  end },
  { "no flag is both known and removed", function()
    for _, flag in ipairs(subject.flags) do vw.expect({ flag, subject.removed_flags[flag] }, { flag, nil }) end
  end },
  { "it is the newest table and says up to which release it holds", function() vw.expect(subject.latest, "0.31") end },
  { "the V2 runner subtracts no graphs and charges six bytes a logit", function()
    vw.expect(subject.memory.runner, "v2")
    vw.expect(subject.memory.v2_sampler_bytes_per_logit.best, 6.0)
  end },
}
