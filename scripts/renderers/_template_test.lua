return {
  { "the file carries what was planned", function()
    local config = { model = "org/model", max_model_len = 8192, tensor_parallel_size = 2 }
    vw.expect(subject.render({ plan = { config = config } }).data, config)
  end },
}
