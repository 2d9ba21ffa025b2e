-- For which plans an artifact makes sense: each answers why not, or nil.
local container, serve = require "_container", require "_serve"
local scope = {}

function scope.several_nodes(plan)
  local nodes = plan.config.nodes or 1
  if nodes <= 1 then return nil end
  return string.format("starts a server on one node, the plan has %s", serve.whole(nodes))
end

function scope.one_node(plan)
  if (plan.config.nodes or 1) > 1 then return nil end
  return "starts a server on several nodes, the plan has one"
end

function scope.vendor(plan)
  local vendor = (plan.hardware.vendor or "nvidia"):lower()
  if vendor == "nvidia" or vendor == "amd" then return nil end
  return serve.clean("written for cards of NVIDIA and AMD, the plan has one of " .. vendor)
end

function scope.local_model(plan)
  local mounted = container.local_model(plan)
  return mounted and serve.clean("takes a model of the Hub, and this one is a folder of this machine") or nil
end

-- The first reason that holds, as the answer of a renderer. nil: it applies.
function scope.left_out(plan, ...)
  serve.model(plan)  -- where there is nothing to serve, that is what is said
  for _, reason in ipairs { ... } do
    local why = scope[reason](plan)
    if why then return { left_out = why } end
  end
end

return scope
