local circle = require("_circle")
return vw.quantization { id = "require-circle", summary = "helpers that need each other", keeps_16_bit = circle }
