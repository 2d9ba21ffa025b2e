local bits = settings.bits
return vw.quantization { id = "runtime-error", summary = "an unknown global", weights = { bits = bits } }
