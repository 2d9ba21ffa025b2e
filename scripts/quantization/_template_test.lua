return {
  { "a weight takes 4 bits and its share of a scale", function()
    local weights = subject.weights
    vw.expect(weights.bits + weights.scale_bits / weights.per.inputs, 4.125)
  end },
}
