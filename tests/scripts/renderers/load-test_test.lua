local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

local load = { prompt_tokens = 512, gen_tokens = 256, concurrency = 4 }

return {
  { "prompts, outputs and users of the plan", function()
    vw.expect(rendered({ config = load }).data.commands[1], { "vllm", "bench", "serve", "--base-url",
      "http://localhost:8000", "--model", "org/model", "--dataset-name", "random", "--random-input-len", "512",
      "--random-output-len", "256", "--ignore-eos", "--max-concurrency", "4", "--num-prompts", "40",
      "--percentile-metrics", "ttft,tpot,itl,e2el", "--metric-percentiles", "50,90,99", "--save-result" })
  end },
  { "releases before bench serve are left out", function()
    vw.expect(rendered({ config = load, vllm_version = "0.8.5" }), { left_out = "vLLM has bench serve since 0.9.0" })
  end },
  { "a pooling model completes nothing", function()
    vw.expect(rendered({ config = { prompt_tokens = 1, gen_tokens = 1, serving = { pooling = true } } }),
      { left_out = "asks for completions, and a pooling model has none" })
  end },
  require "_missing_checkpoint" (subject),
}
