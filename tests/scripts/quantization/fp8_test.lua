return {
  { "weights and KV cache can both be stored so, at a byte each", function()
    vw.expect(subject.weights.bits, 8)
    vw.expect(subject.kv.bits, 8)
  end },
  { "weights run on Ampere, the KV cache asks for 8.9", function()
    vw.expect(subject.needs.compute_capability, 8.0)
    vw.expect(subject.kv.needs.compute_capability, 8.9)
  end },
  { "the classic models know it", function()
    vw.expect({ subject.classic_bytes_per_parameter, subject.classic_speed }, { 1, 1.2 })
  end },
}
