return {
  { "a head of 128 takes 132 bytes for K: one byte each and an fp32 scale", function()
    vw.expect((128 * subject.kv.bits + subject.kv.per_head_bits) / 8, 132.0)
  end },
  { "it stores no weights", function() vw.expect(subject.weights, nil) end },
}
