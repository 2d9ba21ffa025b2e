-- load-test.sh: the plan's workload against the server; docs.vllm.ai, cli/bench/serve.
local container, serve, sizing = require "_container", require "_serve", require "_sizing"

local first_release = { 0, 9, 0 }  -- from memory
local waves = 10  -- each user's requests, so that filling and draining weigh little

local function flags(plan)
  local config = plan.config
  local users = config.concurrency or 1
  local function whole(number) return string.format("%.0f", number) end
  local list = {
    { "--base-url", string.format("http://localhost:%d", container.port) },
    { "--model", serve.model(plan) }, { "--tokenizer", config.tokenizer },
    { "--trust-remote-code", switch = config.trust_remote_code },
    { "--dataset-name", "random" }, { "--random-input-len", whole(config.prompt_tokens) },
    { "--random-output-len", whole(config.gen_tokens) }, { "--ignore-eos", switch = true },
    { "--max-concurrency", whole(users) }, { "--num-prompts", whole(users * waves) },
    { "--percentile-metrics", "ttft,tpot,itl,e2el" }, { "--metric-percentiles", "50,90,99" },
    { "--save-result", switch = true },
  }
  return list
end

local function expectation(plan)
  local speed = plan.performance
  if not (speed and speed.ttft_ms and speed.tpot_ms) then return nil end
  return string.format("planned: time to first token %.0f ms, per output token %.1f ms", speed.ttft_ms, speed.tpot_ms)
end

local function render(request)
  local plan, release = request.plan, request.release
  local missing = serve.missing(plan)
  if missing then error(missing, 0) end
  if not (plan.config.prompt_tokens and plan.config.gen_tokens) then
    return { left_out = "the plan has no workload" }
  end
  if (plan.config.serving or {}).pooling then
    return { left_out = "asks for completions, and a pooling model has none" }
  end
  if serve.is_before(serve.version(plan, release), first_release) then
    return { left_out = "vLLM has bench serve since 0.9.0" }
  end
  local words, comments = { "vllm", "bench", "serve" }, serve.comments(plan, release, true)
  for _, flag in ipairs(flags(plan)) do
    if flag[2] or flag.switch then words[#words + 1] = flag[1] end
    words[#words + 1] = flag[2]
  end
  comments[#comments + 1] = expectation(plan)
  local mounted = container.local_model(plan)
  if mounted then
    comments[#comments + 1] = serve.clean("a server in a container is asked with --served-model-name " .. mounted.name)
  end
  return { file = "load-test.sh", format = "shell", data = { comments = comments, commands = { words } } }
end

return vw.renderer { id = "load-test", summary = "shell script that puts the planned load on the server",
  render = render }
