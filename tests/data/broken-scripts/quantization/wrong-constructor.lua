-- A renderer does not belong into quantization/.
return vw.renderer { id = "wrong-constructor", summary = "in the wrong folder", render = function() return {} end }
