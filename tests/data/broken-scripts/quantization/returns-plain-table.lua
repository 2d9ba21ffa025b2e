return { id = "returns-plain-table", summary = "no constructor", weights = { bits = 4 } }
