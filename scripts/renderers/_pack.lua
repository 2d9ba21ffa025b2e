-- Several servers that share cards: `request.servers` has them in the order to start them, each as { name, port, cards,
-- plan }. A server that starts measures the whole card, so that each waits for the one before.
local serve = require "_serve"
local pack = {}

function pack.health_url(server) return string.format("http://localhost:%s/health", serve.whole(server.port)) end

function pack.comments(server, release)
  local comments = serve.comments(server.plan, release)
  comments[#comments + 1] = string.format("a share of %s of its cards: start it in its turn, after those before it answer",
    serve.ratio(server.plan.config.gpu_memory_utilization))
  return comments
end

return pack
