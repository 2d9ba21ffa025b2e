local blocks = require("../families/_blocks")
return vw.quantization { id = "require-elsewhere", summary = "a helper of another folder", keeps_16_bit = blocks }
