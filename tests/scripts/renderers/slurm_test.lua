local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "GPUs and memory of a node are asked for", function()
    vw.expect(rendered({ config = { tensor_parallel_size = 4 } }).data.directives, { "#SBATCH --job-name=vllm-model",
      "#SBATCH --nodes=1", "#SBATCH --ntasks-per-node=1", "#SBATCH --gpus-per-node=4", "#SBATCH --cpus-per-task=8",
      "#SBATCH --mem=88G" })
  end },
  { "older releases go over Ray", function()
    local step = rendered({ config = { nodes = 2, gpus_per_node = 8, tensor_parallel_size = 16 } },
      { flags = { "--distributed-executor-backend" } }).data.commands[3]
    vw.expect(step[4], 'if [ "$SLURM_NODEID" -eq 0 ]; then ray start --head --port 6379; exec vllm serve "$@"; fi\n'
      .. 'until ray start --address "$VLLM_HEAD:6379" --block; do sleep 5; done')
  end },
  require "_missing_checkpoint" (subject),
}
