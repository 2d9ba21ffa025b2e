local function render(model)
  local config = { model = model, max_model_len = 8192, tensor_parallel_size = 2 }
  return subject.render { verb = "render", plan = { config = config } }
end

return {
  { "the unit starts the planned server", function()
    local answer = render "org/model"
    vw.expect({ answer.file, answer.format }, { "lab.service", "text" })
    vw.expect(answer.data, "[Unit]\nDescription=vLLM\nAfter=network-online.target\n\n[Service]\n"
      .. 'ExecStart=/usr/bin/env "vllm" "serve" "org/model" "--max-model-len" "8192" "--tensor-parallel-size" "2"\n'
      .. "Restart=on-failure\n\n[Install]\nWantedBy=multi-user.target\n")
  end },
  { "odd names stay one word", function()
    local text = render('a"b $HOME %i\\\nExecStart=x').data
    vw.expect(text:match("ExecStart=[^\n]*"), 'ExecStart=/usr/bin/env "vllm" "serve" '
      .. '"a\\"b $$HOME %%i\\\\ ExecStart=x" "--max-model-len" "8192" "--tensor-parallel-size" "2"')
  end },
}
