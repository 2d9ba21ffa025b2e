local kept = require("_missing")
return vw.quantization { id = "bad-require", summary = "a helper that is not there", keeps_16_bit = kept.usual }
