local bits = 0
while bits < 4 do bits = bits - 1 end
return vw.quantization { id = "infinite-loop", summary = "never ends", weights = { bits = bits } }
