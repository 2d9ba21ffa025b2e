local chunk = load("return 4")
return vw.quantization { id = "forbidden-load", summary = "runs text", weights = { bits = chunk() } }
