-- Models that a registry of one's own knows. A real one would read its files with vw.read_file.
local models = {
  ["lab/decoder-1b"] = { architectures = { "LabDecoderForCausalLM" }, hidden_size = 2048, num_attention_heads = 16,
    num_key_value_heads = 4, num_hidden_layers = 24, intermediate_size = 8192, vocab_size = 32000,
    max_position_embeddings = 32768, torch_dtype = "bfloat16" },
}

local answers = {}

function answers.describe(request)
  local config = models[request.model]
  if not config then return nil end
  return { id = request.model, source = "lab-registry", location = "the lab's registry", config = config,
    notes = vw.list {} }
end

function answers.list(request)
  local list = vw.list {}
  for id in pairs(models) do
    if not request.filter or id:find(request.filter, 1, true) then list[#list + 1] = { id = id } end
  end
  table.sort(list, function(left, right) return left.id < right.id end)
  return list
end

function answers.suggest(request)
  local near = vw.list {}
  for id in pairs(models) do
    if id:match("^[^/]*") == request.model:match("^[^/]*") then near[#near + 1] = id end
  end
  table.sort(near)
  return near
end

local function ask(request)
  local answer = answers[request.verb]
  return answer and answer(request)
end

return vw.source { id = "lab-registry", summary = "models of the lab's own registry", ask = ask }
