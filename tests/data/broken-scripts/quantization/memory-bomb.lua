local words = {}
for index = 1, 1e9 do words[index] = (index .. " word "):rep(100000) end
return vw.quantization { id = "memory-bomb", summary = "wants all memory" }
