return vw.quantisation { id = "unknown-constructor", summary = "British spelling" }
