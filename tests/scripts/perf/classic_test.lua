local formats = {
  { id = "bf16" }, { id = "awq", classic_speed = 1.1 }, { id = "fp8", classic_speed = 1.2 },
}
local gpus = {
  { id = "fast", name = "NVIDIA Fast", classic_decode_tok_s = 150, classic_prefill_tok_s = 8000 }, { id = "new-gpu" },
}

local function context(changes)
  local settings = { model = {}, gpus = gpus, formats = formats, params = 7e9, link = "nvlink" }
  for key, value in pairs(changes or {}) do settings[key] = value end
  return subject.prepare(settings)
end

local function candidate(changes)
  local all = { gpu = 1, format = 1, tensor_parallel = 1, context_tokens = 2048, prompt_tokens = 512, concurrency = 1 }
  for key, value in pairs(changes or {}) do all[key] = value end
  return all
end

local function estimate(candidate_changes, settings_changes)
  return subject.estimate(context(settings_changes), candidate(candidate_changes))
end

local function near(actual, expected)
  if math.abs(actual - expected) > 1e-9 * math.abs(expected) then vw.expect(actual, expected) end
end

return {
  { "a 7 B model on one GPU at 2048 tokens is the baseline itself", function()
    local result = estimate()
    near(result.decode_tokens_per_s, 150)
    near(result.decode_low_tokens_per_s, 105)
    near(result.decode_high_tokens_per_s, 195)
    near(result.prefill_tokens_per_s, 8000)
    near(result.prefill_low_tokens_per_s, 4800)
    near(result.prefill_high_tokens_per_s, 11200)
    near(result.ttft_ms, 64)
    near(result.ttft_low_ms, 512000 / 11200)
    near(result.ttft_high_ms, 512000 / 4800)
    near(result.tpot_ms, 1000 / 150)
    near(result.tpot_low_ms, 1000 / 195)
    near(result.tpot_high_ms, 1000 / 105)
  end },
  { "a GPU without a baseline counts as 80 and 2000 tokens/s", function()
    local result = estimate { gpu = 2 }
    near(result.decode_tokens_per_s, 80)
    near(result.prefill_tokens_per_s, 2000)
  end },
  { "larger models are slower with exponent 0.85", function()
    local result = estimate({}, { params = 70e9 })
    near(result.decode_tokens_per_s, 150 * 0.1 ^ 0.85)
    near(result.prefill_tokens_per_s, 8000 * 0.1 ^ 0.85)
  end },
  { "tensor parallelism scales with the links between the GPUs", function()
    near(estimate({ tensor_parallel = 4 }).decode_tokens_per_s, 150 * 4 * 0.90)
    near(estimate({ tensor_parallel = 4 }, { link = "pcie" }).decode_tokens_per_s, 150 * 4 * 0.75)
    near(estimate({ tensor_parallel = 4 }, { link = "unknown" }).prefill_tokens_per_s, 8000 * 4 * 0.80)
  end },
  { "decode slows down above 2048 tokens of context, prefill does not", function()
    local result = estimate { context_tokens = 32768 }
    near(result.decode_tokens_per_s, 150 * (1 / 16) ^ 0.3)
    near(result.prefill_tokens_per_s, 8000)
    near(estimate({ context_tokens = 100 }).decode_tokens_per_s, 150)
  end },
  { "formats bring their own factor", function()
    near(estimate({ format = 2 }).decode_tokens_per_s, 150 * 1.1)
    near(estimate({ format = 3 }).prefill_tokens_per_s, 8000 * 1.2)
  end },
  { "the parameter count must be known and positive", function()
    vw.expect(vw.fails(function() subject.prepare { model = {}, gpus = gpus, formats = formats } end),
      "the number of parameters is not known; give it with --params-b")
    vw.expect(vw.fails(function() context { params = 0 } end),
      "the number of parameters is 0, expected more than 0")
  end },
  { "every factor is listed as an assumption, after what they all are", function()
    local answer = subject.explain(context { params = 70e9, link = "pcie" },
      candidate { gpu = 2, format = 2, tensor_parallel = 2, context_tokens = 8192 })
    vw.expect(answer.assumptions, {
      "rules of thumb, not measurements: decode +-30 %, prefill +-40 %",
      "new-gpu: 80 tokens/s decode and 2000 tokens/s prefill with a 7 B model "
        .. "(no baseline known, a middling GPU assumed)",
      "70 B parameters: x 0.1413",
      "tensor parallel size 2 over pcie links: x 1.5",
      "decode at 8192 tokens of context: x 0.6598",
      "weights as awq: x 1.1",
    })
    vw.expect(answer.terms[1].inputs, "80 x 0.1413 x 1.5 x 1.1 x 0.6598")
  end },
  { "factors that change nothing are not listed", function()
    vw.expect(subject.explain(context(), candidate()).assumptions, {
      "rules of thumb, not measurements: decode +-30 %, prefill +-40 %",
      "NVIDIA Fast: 150 tokens/s decode and 8000 tokens/s prefill with a 7 B model",
      "7 B parameters: x 1",
    })
  end },
}
