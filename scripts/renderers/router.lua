-- litellm-config.yaml: one address in front of several servers, which looks at the model that a request names. Names of
-- fields from memory of docs.litellm.ai (proxy configuration, provider hosted_vllm), not tried live. Servers are looked
-- for on this machine: litellm --config litellm-config.yaml --port 4000, or the profile `router` of the Compose file.
local container, serve = require "_container", require "_serve"

-- What the server itself calls the model.
local function served_name(plan)
  local words = serve.words(plan)
  for index, word in ipairs(words) do if word == "--served-model-name" then return words[index + 1] end end
  return words[1]
end

local function render(_) return { left_out = "stands in front of several servers, the plan has one" } end

local function render_pack(request)
  local models = vw.list {}
  for index, server in ipairs(request.servers) do
    models[index] = {
      model_name = server.name,
      litellm_params = {
        model = "hosted_vllm/" .. served_name(server.plan),
        api_base = string.format("http://localhost:%d/v1", container.port_of(server.plan)),
      },
    }
  end
  return { file = "litellm-config.yaml", format = "yaml", data = { model_list = models } }
end

return vw.renderer { id = "router", summary = "LiteLLM configuration in front of several servers", render = render,
  render_pack = render_pack }
