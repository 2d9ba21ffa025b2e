return vw.detector { id = "no-summary", ask = function() return { status = "absent" } end }
