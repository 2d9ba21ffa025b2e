-- A renderer: a plan in, one file out. format is shell, yaml, json or text; for all but text give data, and the engine
-- does the quoting. The plan is the JSON of `vllm-wizard plan --json`.
local function render(request)
  local config = request.plan.config
  return {
    file = "${id}.json", format = "json",
    data = { model = config.model, max_model_len = config.max_model_len, tensor_parallel_size = config.tensor_parallel_size },
  }
end

return vw.renderer { id = "${id}", summary = "the limits of the server as JSON", render = render }
