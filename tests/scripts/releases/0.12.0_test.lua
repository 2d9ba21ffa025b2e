-- Capture sizes by the rule that begins here.
local function capture_sizes(cap)
  local count = 3                                              -- 1, 2, 4
  for _ = 8, math.min(cap, 255), 8 do count = count + 1 end
  for _ = 256, cap, 16 do count = count + 1 end
  return count
end

return {
  { "the cap of 512 gives 51 graphs, gpt-oss's cap 83", function()
    vw.expect(subject.defaults.cudagraph_sizes, "by-sequences")
    vw.expect(capture_sizes(subject.defaults.cudagraph_cap), 51)
    vw.expect(capture_sizes(subject.defaults.cudagraph_cap_gpt_oss), 83)
  end },
  { "an expert chunk is 16,384 tokens and encoder outputs are padded by item", function()
    vw.expect(subject.memory.moe_chunk_tokens, 16384)
    vw.expect(subject.memory.encoder_padding, "item")
  end },
}
