local small = { architectures = { "LlamaForCausalLM" }, model_type = "llama", hidden_size = 64 }

local acme = { organisation = "Acme", entries = {
  { id = "Acme/Tiny-7B-Instruct", config = small, params = 7000, license = "mit", source = "acme.example",
    class_defaults = { hidden_size = 1, head_dim = 8 } },
  { id = "Acme/Tiny-7B-Instruct-AWQ", params = 7000, params_basis = "sibling", unread = "quantization_config",
    config = { model_type = "llama", quantization_config = { quant_method = "awq" } },
    derived_from = "Acme/Tiny-7B-Instruct", gated = true, license = "llama2" },
  { id = "Acme/Tiny-7B-Instruct-GPTQ-Int4", config = { quantization_config = { quant_method = "gptq", bits = 4 } } },
  { id = "Acme/Tiny-9B", config = { text_config = { hidden_size = 2 } }, weights_bytes = 99,
    class_defaults = { text_config = { hidden_size = 1, head_dim = 3 } }, provenance = "catalogue", note = "a note" },
} }
local shadow = { organisation = "Acme", entries = { { id = "Acme/Tiny-9B", config = { mine = true } } } }
local other = { organisation = "Other", entries = {
  { id = "Other/Huge-70B", config = {}, hf_quant_config = { quantization = { quant_algo = "NVFP4" } } },
} }

-- The catalogue of these tests: layers by organisation.
local function with(layers)
  vw.ids = function() return { "acme", "other" } end
  vw.entries = function(_, id) return layers[id] end
end

local function ask(request)
  with { acme = { acme }, other = { other } }
  return subject.ask(request)
end

local function describe(model) return ask { verb = "describe", model = model } end

return {
  { "a model is found whatever the case of its letters", function()
    vw.expect(describe("acme/TINY-7b-instruct").id, "Acme/Tiny-7B-Instruct")
  end },
  { "what nobody described is nil", function()
    vw.expect({ describe("acme/none"), describe("nobody/none"), describe("tiny"), describe("/a/folder/here") }, {})
  end },
  { "class defaults stand under absent keys only", function()
    vw.expect(describe("acme/tiny-7b-instruct").config, { architectures = { "LlamaForCausalLM" },
      model_type = "llama", hidden_size = 64, head_dim = 8 })
    vw.expect(describe("acme/tiny-9b").config, { text_config = { hidden_size = 2, head_dim = 3 } })
  end },
  { "a record tells where counts come from", function()
    local plain, awq = describe("acme/tiny-7b-instruct"), describe("acme/tiny-7b-instruct-awq")
    vw.expect({ plain.params, plain.params_basis, plain.location },
      { 7000, "safetensors headers", "offline catalogue" })
    vw.expect(awq.params_basis, "safetensors headers of a model of the same shape")
    vw.expect({ describe("acme/tiny-9b").weights_bytes, describe("acme/tiny-9b").params_basis }, { 99, nil })
  end },
  { "notes say what was not read and where the rest was", function()
    vw.expect(describe("acme/tiny-7b-instruct-awq").notes, {
      "config as of Acme/Tiny-7B-Instruct, its sizes checked against a listing of this repository",
      "quantization_config of this repository was not read: the publisher's usual one is assumed",
      "gated: huggingface.co gives access on request, license llama2" })
    vw.expect(describe("acme/tiny-9b").notes, { "a note",
      "config put together from a listing of this repository and confirmed by its number of parameters" })
    vw.expect(describe("acme/tiny-7b-instruct").notes, { "config read in: acme.example" })
  end },
  { "variants are the quantized checkpoints of the same model, with what they declare", function()
    local awq = { id = "Acme/Tiny-7B-Instruct-AWQ", quantization = "awq",
      config = { quantization_config = { quant_method = "awq" } } }
    local gptq = { id = "Acme/Tiny-7B-Instruct-GPTQ-Int4", quantization = "gptq-int4",
      config = { quantization_config = { quant_method = "gptq", bits = 4 } } }
    vw.expect(describe("acme/tiny-7b-instruct").variants, { awq, gptq })
    vw.expect(describe("acme/tiny-7b-instruct-awq").variants, { gptq })
  end },
  { "a quantized checkpoint tells the model that it was made of", function()
    vw.expect(describe("acme/tiny-7b-instruct-awq").base, "Acme/Tiny-7B-Instruct")
    vw.expect(describe("acme/tiny-7b-instruct").base, nil)
    vw.expect(describe("other/huge-70b").base, nil)
  end },
  { "other sizes are those of the same name, stored in the same way, nearest first", function()
    local function sized(id, params, quantization)
      return { id = id, params = params, config = { quantization_config = quantization } }
    end
    local awq = { quant_method = "awq" }
    with { acme = { { organisation = "Acme", entries = { sized("Acme/Pet2.5-7B-Chat", 7), sized("Acme/Pet2.5-0.5b-Chat", 0.5),
      sized("Acme/Pet2.5-14B-Chat", 14), sized("Acme/Pet2.5-3B-Chat-AWQ", 3, awq), sized("Acme/Pet2-3B-Chat", 3),
      sized("Acme/Pet2.5-9B", 9) } } }, other = {} }
    local function sizes(model) return subject.ask({ verb = "describe", model = model }).sizes end
    vw.expect(sizes("acme/pet2.5-7b-chat"), { "Acme/Pet2.5-14B-Chat", "Acme/Pet2.5-0.5b-Chat" })
    vw.expect(sizes("acme/pet2.5-9b"), {})
  end },
  { "a stronger layer wins", function()
    with { acme = { shadow, acme }, other = {} }
    vw.expect(subject.ask({ verb = "describe", model = "acme/tiny-9b" }).config, { mine = true })
    vw.expect(#subject.ask({ verb = "list" }), 4)
  end },
  { "the list is sorted and can be filtered", function()
    vw.expect(ask { verb = "list", filter = "7B" }, {
      { id = "Acme/Tiny-7B-Instruct", params = 7000 },
      { id = "Acme/Tiny-7B-Instruct-AWQ", params = 7000, quantization = "awq" },
      { id = "Acme/Tiny-7B-Instruct-GPTQ-Int4", quantization = "gptq-int4" } })
    vw.expect(#ask { verb = "list" }, 5)
    vw.expect(ask({ verb = "list", filter = "huge" })[1].quantization, "nvfp4")
  end },
  { "a slip of the finger is answered with the nearest id", function()
    vw.expect(ask({ verb = "suggest", model = "acme/tiny-7b-instrct" })[1], "Acme/Tiny-7B-Instruct")
  end },
  { "a name without its organisation is enough for a suggestion", function()
    vw.expect(ask { verb = "suggest", model = "huge-70b" }, { "Other/Huge-70B" })
  end },
  { "nothing near, nothing suggested", function()
    vw.expect(ask { verb = "suggest", model = "zzzzzzzzzzzz" }, {})
  end },
  { "verbs it does not know are answered with nothing", function() vw.expect(ask { verb = "price" }, nil) end },
}
