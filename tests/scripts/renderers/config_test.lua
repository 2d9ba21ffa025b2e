local plan = require "_plan"

local function rendered(changes, release)
  return subject.render { verb = "render", plan = plan(changes), release = release or {} }
end

return {
  { "options become keys, switches true, and numbers stay as written", function()
    vw.expect(rendered({ config = { enforce_eager = true, gpu_memory_utilization = 0.875 } }).data,
      { model = "org/model", ["max-model-len"] = 4096, ["gpu-memory-utilization"] = 0.875, ["enforce-eager"] = true })
  end },
  { "texts that look like numbers stay texts", function()
    local data = rendered({ config = { tokenizer = "0x1F", revision = "1e5", vllm_args = { "--seed=007" } } }).data
    vw.expect({ data.tokenizer, data.revision, data.seed }, { "0x1F", "1e5", "007" })
  end },
  { "an option with several words is a list", function()
    vw.expect(rendered({ config = { vllm_args = { "--lora-modules", "a=b", "c=d" } } }).data["lora-modules"],
      { "a=b", "c=d" })
  end },
  { "a short option has no place in a file", function()
    vw.expect(rendered({ config = { vllm_args = { "-O3" } } }),
      { left_out = "a file holds long options only, not -O3" })
  end },
  require "_missing_checkpoint" (subject),
}
