local file = io.open("/etc/passwd")
return vw.quantization { id = "forbidden-library", summary = file:read("a") }
