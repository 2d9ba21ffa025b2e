local plan = require "_plan"

-- The words behind `vllm serve org/model`.
local function flags(config, release)
  local answer = subject.render { verb = "render", plan = plan { config = config }, release = release or {} }
  local words = answer.data.commands[1]
  vw.expect({ words[1], words[2], words[3] }, { "vllm", "serve", config.model or "org/model" })
  return table.concat(words, " ", 4)
end

local always = "--max-model-len 4096 --gpu-memory-utilization 0.90"

return {
  { "a plain plan needs two flags", function()
    vw.expect(flags {}, always)
  end },
  { "the artifact is an executable shell script with comments", function()
    local answer = subject.render { verb = "render", plan = plan(), release = {} }
    vw.expect({ answer.artifact, answer.file, answer.format, answer.executable },
      { "serve_command", "serve_command.sh", "shell", true })
    vw.expect(answer.data.comments, { "org/model on 1 x NVIDIA L4", "planned for vLLM 0.21.0 by vllm-wizard" })
  end },
  { "parallel sizes of 1 are left out, larger ones stand", function()
    vw.expect(flags { tensor_parallel_size = 4, pipeline_parallel_size = 2, data_parallel_size = 2,
      enable_expert_parallel = true }, "--tensor-parallel-size 4 --pipeline-parallel-size 2 --data-parallel-size 2 "
      .. "--enable-expert-parallel " .. always)
  end },
  { "what the server does beside gets its flags, JSON where vLLM takes JSON", function()
    vw.expect(flags { serving = {
      cpu_offload_gib = 4.5, kv_cache_memory_bytes = 12345678901, lora = { slots = 4, rank = 64 },
      speculative = { method = "draft", tokens = 3, model = "org/draft" }, limit_mm_per_prompt = { image = 2, video = 0 },
      language_model_only = true, async_scheduling = false, enable_prefix_caching = true,
    } }, always .. " --cpu-offload-gb 4.5 --kv-cache-memory-bytes 12345678901 --enable-prefix-caching "
      .. "--no-async-scheduling --enable-lora --max-loras 4 --max-lora-rank 64 --speculative-config "
      .. '{"method":"draft_model","model":"org/draft","num_speculative_tokens":3} --limit-mm-per-prompt '
      .. '{"image":2,"video":0} --language-model-only')
    vw.expect(flags { serving = { speculative = { method = "mtp", tokens = 1 } } },
      always .. ' --speculative-config {"method":"mtp","num_speculative_tokens":1}')
  end },
  { "what only the environment sets stands before the command", function()
    local answer = subject.render { verb = "render", release = {},
      plan = plan { config = { serving = { pipeline_layers = { 10, 22 }, runner = "v1" } } } }
    local words = answer.data.commands[1]
    vw.expect(table.concat(words, " ", 1, 5),
      "env VLLM_PP_LAYER_PARTITION=10,22 VLLM_USE_V2_MODEL_RUNNER=0 vllm serve")
  end },
  { "dtypes get vLLM's spelling", function()
    vw.expect(flags { dtype = "fp16" }, "--dtype float16 " .. always)
    vw.expect(flags { dtype = "bf16" }, "--dtype bfloat16 " .. always)
    vw.expect(flags { dtype = "fp32" }, "--dtype float32 " .. always)
    vw.expect(flags { dtype = "half" }, "--dtype half " .. always)
    vw.expect(flags { kv_cache_dtype = "bf16" }, always .. " --kv-cache-dtype bfloat16")
    vw.expect(flags { kv_cache_dtype = "fp8_e4m3fn" }, always .. " --kv-cache-dtype fp8_e4m3")
  end },
  { "a pre-quantized checkpoint gets no --quantization, one quantized while loading does", function()
    vw.expect(flags { quantization = "awq" }, always)
    vw.expect(flags { quantization = "fp8", quantization_flag = "fp8" }, "--quantization fp8 " .. always)
  end },
  { "a KV cache dtype that the release does not know stays auto", function()
    local release = { kv_cache_dtypes = { "auto", "fp8" } }
    vw.expect(flags({ kv_cache_dtype = "fp8" }, release), always .. " --kv-cache-dtype fp8")
    vw.expect(flags({ kv_cache_dtype = "nvfp4" }, release), always)
  end },
  { "only flags that the release lists are written", function()
    local release = { flags = { "--max-model-len", "--enforce-eager" } }
    vw.expect(flags({ enforce_eager = true, max_num_seqs = 8, trust_remote_code = true }, release),
      "--max-model-len 4096 --enforce-eager")
  end },
  { "everything else that a plan may say", function()
    vw.expect(flags { revision = "abc", tokenizer = "org/tokenizer", trust_remote_code = true, block_size = 32,
      max_num_seqs = 8, max_num_batched_tokens = 16384, enforce_eager = true },
      "--revision abc --tokenizer org/tokenizer --trust-remote-code " .. always
      .. " --block-size 32 --max-num-seqs 8 --max-num-batched-tokens 16384 --enforce-eager")
  end },
  { "utilization keeps two to four decimals", function()
    for number, text in pairs { [0.9] = "0.90", [0.875] = "0.875", [0.88754] = "0.8875", [1] = "1.00" } do
      vw.expect(flags { gpu_memory_utilization = number, max_model_len = 0 }, "--gpu-memory-utilization " .. text)
    end
  end },
  { "extra arguments come last, as they are", function()
    vw.expect(flags { vllm_args = { "--port", "8080", "--limit-mm-per-prompt", '{"image": 0}' } },
      always .. ' --port 8080 --limit-mm-per-prompt {"image": 0}')
  end },
  { "a replica over several nodes needs Ray, and that is said", function()
    local answer = subject.render { verb = "render", release = {},
      plan = plan { config = { tensor_parallel_size = 8, pipeline_parallel_size = 2, nodes = 2, gpus_per_node = 8 },
        hardware = { gpus = 8, nodes = 2, total_gpus = 16 } } }
    vw.expect(answer.data.comments, { "org/model on 16 x NVIDIA L4 on 2 nodes",
      "planned for vLLM 0.21.0 by vllm-wizard", "run on one node of a Ray cluster of 2 nodes" })
    vw.expect(table.concat(answer.data.commands[1], " ", 4), "--tensor-parallel-size 8 --pipeline-parallel-size 2 "
      .. "--distributed-executor-backend ray " .. always)
  end },
  { "replicas on several nodes are spread by Ray", function()
    vw.expect(flags { tensor_parallel_size = 8, data_parallel_size = 2, nodes = 2, gpus_per_node = 8 },
      "--tensor-parallel-size 8 --data-parallel-size 2 --data-parallel-backend ray --data-parallel-size-local 1 "
      .. always)
  end },
  { "a model's name cannot leave its comment", function()
    local answer = subject.render { verb = "render", plan = plan { config = { model = "a\nrm -rf /" } }, release = {} }
    vw.expect(answer.data.comments[1], "a rm -rf / on 1 x NVIDIA L4")
    vw.expect(answer.data.commands[1][3], "a\nrm -rf /")
  end },
  require "_missing_checkpoint" (subject),
}
