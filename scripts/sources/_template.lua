-- A metadata source: knows models. Answers nil for everything it does not know; the next source is asked then.
local known = {
  ["my-org/my-model-1b"] = {
    architectures = { "LlamaForCausalLM" }, hidden_size = 2048, num_hidden_layers = 16, num_attention_heads = 32,
    num_key_value_heads = 8, intermediate_size = 8192, vocab_size = 128256, max_position_embeddings = 131072,
    tie_word_embeddings = true, torch_dtype = "bfloat16",
  },
}

local function list()
  local ids = vw.list {}
  for id in pairs(known) do ids[#ids + 1] = { id = id } end
  table.sort(ids, function(a, b) return a.id < b.id end)
  return ids
end

local function ask(request)
  if request.verb == "list" then return list() end
  local config = request.verb == "describe" and known[request.model]
  if not config then return nil end
  return { id = request.model, config = config, location = "written down in ${id}.lua" }
end

return vw.source { id = "${id}", summary = "models that only I know", ask = ask }
