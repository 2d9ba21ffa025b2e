local plan = require "_plan"

local function service(changes)
  local answer = subject.render { verb = "render", plan = plan(changes), release = {} }
  vw.expect({ answer.artifact, answer.file, answer.format }, { "docker_compose", "docker-compose.yaml", "yaml" })
  return answer.data.services.vllm
end

return {
  { "GPUs are reserved by number", function()
    vw.expect(service({ config = { tensor_parallel_size = 2 } }).deploy, { resources = { reservations = { devices = {
      { driver = "nvidia", count = 2, capabilities = { "gpu" } } } } } })
  end },
  { "every argument is an item of its own", function()
    vw.expect(service().command, { "org/model", "--max-model-len", "4096", "--gpu-memory-utilization", "0.90" })
    vw.expect(service().entrypoint, { "vllm", "serve" })
  end },
  { "dollar signs survive Compose", function()
    vw.expect(service({ config = { vllm_args = { "--x=$HOME" } } }).command[6], "--x=$$HOME")
  end },
  { "the token is passed through, the cache is a volume", function()
    vw.expect(service().environment, { "HF_TOKEN" })
    vw.expect(service().volumes, { "huggingface-cache:/root/.cache/huggingface" })
  end },
  { "a folder of this machine is a bind mount", function()
    local made = service { config = { model = "./models/x" } }
    vw.expect(made.volumes[2], { type = "bind", source = "./models/x", target = "/model", read_only = true })
    vw.expect(made.command[1], "/model")
  end },
  { "AMD GPUs are devices", function()
    local made = service { hardware = { gpu_name = "AMD Instinct MI300X", architecture = "cdna3" } }
    vw.expect({ made.deploy == nil, made.devices, made.image },
      { true, { "/dev/kfd", "/dev/dri" }, "rocm/vllm:latest" })
  end },
  require "_missing_checkpoint" (subject),
}
