local plan = require "_plan"

local function render(changes) return subject.render { verb = "render", plan = plan(changes), release = {} } end
local function command(changes) return table.concat(render(changes).data.commands[1], " ") end

local mounts = "--memory-reservation 8g --ipc host --publish 8000:8000 --env HF_TOKEN "
  .. "--volume huggingface-cache:/root/.cache/huggingface "
local flags = " --max-model-len 4096 --gpu-memory-utilization 0.90"

return {
  { "the official image of the planned version", function()
    vw.expect(command(), "docker run --rm --gpus all " .. mounts
      .. "--entrypoint vllm vllm/vllm-openai:v0.21.0 serve org/model" .. flags)
    vw.expect(render().artifact, "docker_command")
  end },
  { "variables of the server are given to the container", function()
    vw.expect(command { config = { serving = { pipeline_layers = { 3, 5 } } } }:match("%-%-env (VLLM[^ ]*)"),
      "VLLM_PP_LAYER_PARTITION=3,5")
  end },
  { "only as many GPUs as the plan uses", function()
    vw.expect(command { hardware = { gpus = 8 }, config = { tensor_parallel_size = 2 } },
      "docker run --rm --gpus 2 " .. mounts:gsub("8g", "16g") .. "--entrypoint vllm vllm/vllm-openai:v0.21.0 serve org/model "
      .. "--tensor-parallel-size 2" .. flags)
  end },
  { "AMD GPUs are devices, and the image is ROCm's", function()
    local answer = render { hardware = { gpu_name = "AMD Instinct MI300X", architecture = "cdna3" } }
    vw.expect(table.concat(answer.data.commands[1], " "), "docker run --rm --device /dev/kfd --device /dev/dri "
      .. "--group-add video --cap-add SYS_PTRACE --security-opt seccomp=unconfined " .. mounts
      .. "--entrypoint vllm rocm/vllm:latest serve org/model" .. flags)
    vw.expect(answer.data.comments[3], "rocm/vllm: choose the tag that holds vLLM 0.21.0 for your ROCm driver")
  end },
  { "a folder of this machine is mounted read-only and keeps its name", function()
    vw.expect(command { config = { model = "/models/my llama/" } }, "docker run --rm --gpus all " .. mounts
      .. "--volume /models/my llama:/model:ro --entrypoint vllm vllm/vllm-openai:v0.21.0 serve /model" .. flags
      .. " --served-model-name my llama")
  end },
  { "a local source says where the folder is", function()
    local function volume(location)
      local text = command { config = { model = "x" },
        model = { id = "x", source = "local-files", location = location } }
      return text:match("%-%-volume (%S+):/model:ro .* serve (%S+)")
    end
    vw.expect({ volume "/data/x" }, { "/data/x", "/model" })
    vw.expect({ volume "/data/x/config.json" }, { "/data/x", "/model" })
    vw.expect({ volume "/data/x/y.Q4_K_M.gguf" }, { "/data/x", "/model/y.Q4_K_M.gguf" })
  end },
  { "another checkpoint than the local one is downloaded", function()
    vw.expect(command({ model = { id = "x", source = "local-files", location = "/data/x" },
      config = { model = "org/x-awq" } }):find(":/model:ro", 1, true), nil)
  end },
  { "no secret is written down", function()
    vw.expect(command():find("HF_TOKEN=", 1, true), nil)
  end },
  require "_missing_checkpoint" (subject),
}
