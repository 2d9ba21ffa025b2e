-- Whole reports are compared in tests/data/plans/golden; here is what holds for each of them.
local plan = require "_plan"

local function report(changes, options)
  return subject.render({ verb = "render", plan = plan(changes), release = {}, options = options or {} }).data
end

local function first_line(changes) return report(changes):match("^[^\n]*") end

local function expect_in(text, part)
  if not text:find(part, 1, true) then vw.expect(text, part) end
end

local long = { "word", ("w"):rep(200), "é×世界", "tab\tand\27[31mescape", ("many words "):rep(40) }
local full = {
  config = { explanations = { dtype = table.concat(long, " ") }, max_num_seqs = 123456789 },
  performance = { model = "roofline", decode_toks_per_s_range = { 1e9, 2e9 }, assumptions = long },
  advice = { { change = ("--flag "):rep(20), effect = long[5] } },
  warnings = long,
  terms = { { name = ("n"):rep(30), formula = long[5], inputs = long[2], value = 1, source = long[2] } },
}

return {
  { "the verdict comes first", function()
    vw.expect(first_line(), "FITS: 3.6 GiB to spare on 1 x NVIDIA L4")
    vw.expect(first_line { feasibility = { fits = false, shortfall_gb = 4.26 } },
      "DOES NOT FIT: 4.3 GiB short on 1 x NVIDIA L4")
    vw.expect(first_line { feasibility = { fits = false, headroom_gb = 0.5 } },
      "DOES NOT FIT: only 0.5 GiB to spare on 1 x NVIDIA L4")
    vw.expect(first_line { hardware = { nodes = 2, gpus = 8, total_gpus = 16 }, config = { data_parallel_size = 2 } },
      "FITS: 3.6 GiB to spare on 16 x NVIDIA L4 on 2 nodes, in every replica")
  end },
  { "models that look at one GPU are reported per GPU", function()
    local per_gpu = { total_gib = 22, budget_gib = 19.8, weights_gib = 15, activation_gib = 1, non_torch_gib = 0.3,
      cuda_graph_gib = 0.5, kv_cache_available_gib = 3, kv_cache_required_gib = 1 }
    vw.expect(first_line { memory = { model = "vllm", per_gpu = per_gpu } },
      "FITS: 2.0 GiB per GPU to spare on 1 x NVIDIA L4")
    per_gpu.kv_cache_required_gib = 4
    vw.expect(first_line { memory = { model = "vllm", per_gpu = per_gpu }, feasibility = { fits = false } },
      "DOES NOT FIT: 1.0 GiB per GPU short on 1 x NVIDIA L4")
  end },
  { "the bar is 60 cells wide, each component in its share", function()
    local bar = report():match("%[([^%]]*)%]")
    vw.expect(bar, ("#"):rep(37) .. ("="):rep(5) .. ("+"):rep(3) .. ("."):rep(9) .. ("-"):rep(6))
    vw.expect(#report({ feasibility = { kv_cache_gb = 0.001 } }):match("%[([^%]]*)%]"), 60)
  end },
  { "a bar that is too long shows where the usable memory ends", function()
    expect_in(report { feasibility = { fits = false, weights_gb = 40, shortfall_gb = 21.4 } },
      "\n  [########################################################===+]\n"
      .. "                                ^ usable: 21.60 GiB\n")
  end },
  { "no line is wider than the page, none ends in a space, none has control characters", function()
    for _, width in ipairs { 40, 60, 80, 120 } do
      for line in report(full, { width = width, explain = true }):gmatch("([^\n]*)\n") do
        if utf8.len(line) > width or line:find("%s$") or line:find("%c") then vw.expect(line, width) end
      end
    end
  end },
  { "colour and Unicode only when asked for", function()
    local plain = report(full)
    local colourful = report(full, { color = true })
    expect_in(colourful, "\27[1;32mFITS: 3.6 GiB to spare on 1 x NVIDIA L4\27[0m\n")
    vw.expect(colourful:gsub("\27%[[%d;]*m", ""), plain)
    expect_in(report(full, { unicode = true }), "é×世界")
    expect_in(report({}, { unicode = true }), "█")
  end },
  { "without Unicode a page is ASCII but for what users named so", function()
    expect_in(report(full), "éx世界")
    for character in report():gmatch("[\128-\255]") do vw.expect(character, "ASCII") end
  end },
  { "control characters of a plan do not reach the terminal", function()
    expect_in(report { warnings = { "a\27[2Jb\nc" } }, "  ! a [2Jb c\n")
  end },
  { "the model line names the format that was judged", function()
    expect_in(report(), "\n  model: 8 B parameters, bf16\n")
    expect_in(report { model = { quantization = "awq" } }, "\n  model: 8 B parameters, awq\n")
    expect_in(report { feasibility = { weights_format = "fp8" } }, "\n  model: 8 B parameters, fp8\n")
  end },
  { "what the configuration changes is said line by line, with what comes out", function()
    local judged = { fits = false, shortfall_gb = 9.4, context_tokens = 32768, weights_format = "bf16", dtype = "bf16",
      kv_cache_format = "auto", gpu_memory_utilization = 0.9 }
    local runs = { fits = true, headroom_gb = 1.25, context_tokens = 4096, weights_format = "awq", dtype = "fp16",
      kv_cache_format = "fp8", gpu_memory_utilization = 0.95 }
    local lines = "    weights: awq instead of bf16\n    dtype: fp16 instead of bf16\n    KV cache: fp8 instead of auto\n"
      .. "    context: 4,096 tokens instead of 32,768 tokens\n    utilization: 0.95 instead of 0.90\n\n"
    expect_in(report { feasibility = judged, recommended = runs },
      "\n  the configuration below fits with 1.2 GiB to spare; it has\n" .. lines)
    runs.fits, runs.shortfall_gb = false, 2.5
    expect_in(report { feasibility = judged, recommended = runs },
      "\n  the configuration below does not fit either, 2.5 GiB short; it has\n" .. lines)
    expect_in(report { feasibility = judged, recommended = runs, config = { tensor_parallel_size = 2 },
      memory = { model = "vllm", per_gpu = { total_gib = 24, budget_gib = 20, weights_gib = 30 } } },
      "\n  the configuration below does not fit either, 1.2 GiB per GPU short; it has\n" .. lines)
  end },
  { "unquantized weights in another dtype are one difference, none is none", function()
    local judged = { weights_format = "bf16", dtype = "bf16", context_tokens = 4096 }
    expect_in(report { feasibility = judged, recommended = { fits = true, weights_format = "fp16", dtype = "fp16",
      context_tokens = 4096 } }, "to spare; it has\n    weights: fp16 instead of bf16\n\n")
    vw.expect(report({ feasibility = judged, recommended = { fits = true, weights_format = "bf16", dtype = "bf16",
      context_tokens = 4096 } }):find("configuration below"), nil)
  end },
  { "what cannot run here is not supported, whatever fits", function()
    local feasibility = { fits = false, reason = "format-needs-newer-gpu", obstacles = {
      { what = "--dtype bf16", why = "needs compute capability 8.0, NVIDIA T4 has 7.5 (vLLM refuses it)" } } }
    local text = report { feasibility = feasibility }
    expect_in(text, "NOT SUPPORTED on 1 x NVIDIA L4: --dtype bf16 needs compute capability 8.0,\nNVIDIA T4 has 7.5\n")
    expect_in(text, "\n  vLLM would not start with this\n")
    vw.expect(text:find("Serve command"), nil)
  end },
  { "a format without a known checkpoint gets a line in place of the command", function()
    local text = report { config = { model = vw.null, missing_checkpoint = "gptq" } }
    expect_in(text, "\nServe command\n  none: no checkpoint of org/model stored as gptq is known, and vLLM cannot make\n"
      .. "        one from 16 bit: find or make one and give it with -m, or keep -q off\n")
    vw.expect(text:find("vllm serve"), nil)
  end },
  { "a context beyond the model's own is said to be so", function()
    expect_in(report { model = { max_context_tokens = 8192 }, feasibility = { max_context_at_concurrency = 9000 } },
      "  longest context of one sequence  9,000 tokens (the model itself ends at 8,192)\n")
    expect_in(report { model = { max_context_tokens = 9000 }, feasibility = { max_context_at_concurrency = 9000 } },
      "  longest context of one sequence  9,000 tokens\n")
  end },
  { "a configuration that fits instead is said and gets its command", function()
    local text = report { feasibility = { fits = false, weights_gb = 30, shortfall_gb = 9.4 },
      recommended = { fits = true, headroom_gb = 1.25 } }
    expect_in(text, "\n  the configuration below fits with 1.2 GiB to spare\n")
    expect_in(text, "\nServe command\n")
  end },
  { "states between yes and no", function()
    expect_in(report { feasibility = { fits = false, shortfall_gb = 1, starts = false } },
      "\n  vLLM would not start with this\n")
    expect_in(report { feasibility = { fits = false, shortfall_gb = 1, starts = true } },
      "\n  it would start, but not hold the whole load\n")
    expect_in(report { feasibility = { survives = false } },
      "\n  it would start, but may run out of memory under load\n")
    expect_in(report { feasibility = { tight = true } },
      "FITS TIGHTLY: 3.6 GiB to spare on 1 x NVIDIA L4\n")
    expect_in(report { feasibility = { tight = true } },
      "\n  the margin is smaller than the uncertainty of the estimate\n")
    expect_in(report { feasibility = { fits = false, shortfall_gb = 1, starts = false, tight = true } },
      "\n  vLLM would not start by the best estimate; it may by its high end\n")
    expect_in(report { feasibility = { fits = false, starts = false, reason = "utilization-above-free" } },
      "DOES NOT START on 1 x NVIDIA L4: less memory is free than vLLM would ask for\n")
    expect_in(report { feasibility = { fits = false, starts = false, reason = "other", warnings = { "why not" } } },
      "NOT SUPPORTED on 1 x NVIDIA L4: why not\n")
  end },
  { "several plans become a table of what differs and of what changed", function()
    local before, after = plan { vllm_version = "1.0" }, plan { vllm_version = "2.0", feasibility = { fits = false } }
    local text = subject.render { verb = "render", plan = before, plans = { before, after }, options = {}, releases = {
      { defaults = { max_num_seqs = { { least_gib = 0, value = 8 } }, chunked_prefill = true }, flags = { "--a", "--b" } },
      { defaults = { max_num_seqs = 16, chunked_prefill = true }, flags = { "--b", "--c" } },
    } }.data
    expect_in(text, "model on 1 x NVIDIA L4 with vLLM 1.0 and 2.0\n")
    if not text:find("\n  verdict +fits  does not fit  %*\n") then vw.expect(text, "a row of verdicts") end
    expect_in(text, "\nWhat changed from vLLM 1.0 to 2.0\n  sequences in a step  8 -> 16\n"
      .. "  flags: 1 new; gone: --a\n")
  end },
  { "releases that one table describes have no changes", function()
    local one, two = plan { vllm_version = "1.0" }, plan { vllm_version = "1.1" }
    local text = subject.render { verb = "render", plan = one, plans = { one, two }, releases = { {}, {} } }.data
    expect_in(text, "\n  nothing that is known here: the same table describes both\n")
  end },
  { "releases that refuse what was asked say so side by side, with the warnings that not all have", function()
    local one = plan { vllm_version = "1.0", warnings = { "both", "--x is not known to vLLM 1.0" }, feasibility = {
      fits = false, obstacles = { { what = "--x", why = "is not known to vLLM 1.0" } } } }
    local two = plan { vllm_version = "2.0", warnings = { "both" } }
    local text = subject.render { verb = "render", plan = one, plans = { one, two }, releases = { {}, {} } }.data
    if not text:find("\n  verdict +not supported +fits  %*\n") then vw.expect(text, "a row of verdicts") end
    expect_in(text, "\nWarnings of some releases only\n  ! 1.0: --x is not known to vLLM 1.0\n\n")
  end },
  { "the command stands last and can be copied", function()
    local text = report { config = { model = "/my models/it's", vllm_args = { "--x", ("y"):rep(90) } } }
    expect_in(text, "\nServe command\n  vllm serve '/my models/it'\\''s' \\\n    --max-model-len 4096 \\\n"
      .. "    --gpu-memory-utilization 0.90 \\\n    --x \\\n      " .. ("y"):rep(90) .. "\n")
  end },
  { "what cannot start gets no command", function()
    vw.expect(report({ feasibility = { fits = false, starts = true, obstacles = {
      { what = "--x", why = "is refused" } } } }):find("Serve command"), nil)
    vw.expect(report({ feasibility = { fits = false, starts = false } }):find("Serve command"), nil)
    vw.expect(report({ feasibility = { fits = false, shortfall_gb = 0.1 } }):find("Serve command"), nil)
    expect_in(report { feasibility = { fits = false, shortfall_gb = 0.1, starts = true } }, "Serve command")
    expect_in(report { feasibility = { fits = false, headroom_gb = 0.5 } }, "Serve command")
  end },
  { "terms are shown only with explain", function()
    local terms = { { name = "weights", formula = "a x b", inputs = "1 x 2", value_bytes = 2147483648,
      grade = "exact", source = "here" } }
    vw.expect(report({ terms = terms }):find("a x b"), nil)
    expect_in(report({ terms = terms }, { explain = true }), "\nWhere the numbers come from\n  weights = a x b\n"
      .. "          = 1 x 2\n          = 2.00 GiB (2,147,483,648 bytes)\n            exact, here\n")
  end },
  { "advice names the change and what it brings", function()
    expect_in(report { advice = { { change = "--kv-cache-dtype fp8", effect = "fits with 1.2 GiB to spare" } } },
      "\nWhat would make it fit, cheapest first\n  --kv-cache-dtype fp8\n      fits with 1.2 GiB to spare\n")
  end },
  { "formats are set side by side where the plan weighed them", function()
    local function way(name, kv, fits, extra)
      local one = { weights_format = name, kv_cache_format = kv, fits = fits, read = true, chosen = false,
        made_at_load = false, weights_gb = 15, headroom_gb = 1, shortfall_gb = fits and 0 or 2.5,
        max_concurrency_at_context = 7 }
      for key, value in pairs(extra or {}) do one[key] = value end
      return one
    end
    local formats = { context_tokens = 4096, concurrency = 8, ways = {
      way("bf16", "auto", false),
      way("fp8", "auto", true, { made_at_load = true, tpot_ms = 20.5, output_tokens_per_s = 400, latency_ms = 5250,
        chosen = true }),
      way("awq", "fp8", true, { checkpoint = "org/model-AWQ", read = false, tpot_ms = 15, output_tokens_per_s = 500,
        latency_ms = 4000 }),
    }, refused = { { weights_format = "nvfp4", why = "needs another card" } } }
    local text = report({ formats = formats }, { explain = true })
    expect_in(text, table.concat({
      "Formats", "  as asked for        bf16: does not fit, 2.5 GiB short",
      "  most bits that fit  fp8: 400 tokens/s, 5.25 s a request",
      "  most tokens/s       awq, KV cache fp8: 500 tokens/s, 4.00 s a request", "",
      "  weights  KV cache    GiB  sequences  TPOT ms  tokens/s",
      "  bf16     auto      15.00          7   no fit         -",
      "* fp8      auto      15.00          7     20.5       400",
      "  awq      fp8       15.00          7     15.0       500",
      "  * of the configuration; sequences: the most of 4,096 tokens, 8 asked for", "",
      "  fp8    made when the server loads a 16-bit checkpoint",
      "  awq    org/model-AWQ (not read: counted as this model's matrices)",
      "  nvfp4  not on this card: needs another card", "" }, "\n"))
    vw.expect(report({ formats = formats }):find("most bits that fit"), nil)
  end },
}
