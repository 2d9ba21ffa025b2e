return {
  { "one token of one layer takes 656 bytes: 512 in fp8, four scales, 64 rotary elements in 16 bit", function()
    vw.expect(((512 + 64) * subject.kv.bits + subject.kv.per_head_bits) / 8, 656.0)
  end },
}
