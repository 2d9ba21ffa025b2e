return require("_circle")
