-- Decoders with LayerNorm and an ungated feed-forward: GPT-2 and what followed it before Llama, and a few later ones.
local B = require("_blocks")

-- Fields: layers (names of attention and feed-forward), norms per layer, qkv_bias / o_bias / mlp_bias / norm_bias
-- (true or a key of the config), positions (key of the learned positions; offset = extra rows), rope (true or the
-- default of the rotary share), tied, head_bias, embedding / norm / head (names), prefix.
local TRAITS = {
  GPT2LMHeadModel = { prefix = "transformer.h.*.", norms = { "ln_1", "ln_2" }, bias = true, tied = true,
    qkv = { "attn.c_attn" }, o = { "attn.c_proj" }, up = { "mlp.c_fc" }, down = { "mlp.c_proj" },
    positions = "transformer.wpe", embedding = "transformer.wte", norm = "transformer.ln_f" },
  GPTNeoXForCausalLM = { prefix = "gpt_neox.layers.*.", norms = { "input_layernorm", "post_attention_layernorm" },
    bias = true, qkv = { "attention.query_key_value" }, o = { "attention.dense" }, up = { "mlp.dense_h_to_4h" },
    down = { "mlp.dense_4h_to_h" }, rope = 0.25, embedding = "gpt_neox.embed_in", norm = "gpt_neox.final_layer_norm",
    head = "embed_out" },
  GPTJForCausalLM = { prefix = "transformer.h.*.", norms = { "ln_1" }, bias = true, qkv_bias = false, o_bias = false,
    qkv = { "attn.q_proj", "attn.k_proj", "attn.v_proj" }, o = { "attn.out_proj" }, up = { "mlp.fc_in" },
    down = { "mlp.fc_out" }, rope = 1, head_bias = true, embedding = "transformer.wte", norm = "transformer.ln_f" },
  PhiForCausalLM = { norms = { "input_layernorm" }, bias = true, o = { "self_attn.dense" }, up = { "mlp.fc1" },
    down = { "mlp.fc2" }, rope = 0.5, head_bias = true, norm = "model.final_layernorm" },
  Starcoder2ForCausalLM = { norms = { "input_layernorm", "post_attention_layernorm" }, bias = "use_bias", tied = true,
    up = { "mlp.c_fc" }, down = { "mlp.c_proj" }, rope = 1, window = "all" },
  BloomForCausalLM = { prefix = "transformer.h.*.", norms = { "input_layernorm", "post_attention_layernorm" },
    bias = true, tied = true, qkv = { "self_attention.query_key_value" }, o = { "self_attention.dense" },
    up = { "mlp.dense_h_to_4h" }, down = { "mlp.dense_4h_to_h" }, embedding = "transformer.word_embeddings",
    embedding_norm = "transformer.word_embeddings_layernorm", norm = "transformer.ln_f" },
}
TRAITS.GPTBigCodeForCausalLM = B.with_defaults({ multi_query = true }, TRAITS.GPT2LMHeadModel)

local function switched(m, switch)
  if type(switch) == "string" then return m.config[switch] ~= false end
  return switch or false
end

local function bias(m, trait, own)
  if trait[own] ~= nil then return switched(m, trait[own]) end
  return switched(m, trait.bias)
end

-- GPT-BigCode shares one key-value head unless multi_query is false.
local function options_of(text, trait)
  local single = trait.multi_query and text.multi_query ~= false
  return { tied = trait.tied, layer_prefix = trait.prefix, kv_heads = single and 1 or nil }
end

local function add_layers(m, trait)
  local windows = B.windows(m, trait.window or "none")
  local width = B.dimension(m.config, "intermediate", 4 * m.hidden)
  B.layers(m, function(layer, index)
    B.norms(layer, trait.norms, { bias = true })
    local kind, window = windows(index)
    B.attention(layer, { kind = kind, window = window, bias = bias(m, trait, "qkv_bias"),
      o_bias = bias(m, trait, "o_bias"), qkv = trait.qkv, o = trait.o })
    B.dense(layer, { intermediate = width, gated = false, bias = bias(m, trait, "mlp_bias"), up = trait.up,
      down = trait.down })
  end)
end

local function add_ends(m, trait)
  if trait.positions then
    B.matrix(m, "position_embedding", m.max_context, m.hidden, "none", { trait.positions })
  end
  if trait.embedding_norm then B.norms(m, { trait.embedding_norm }, { bias = true }) end
  B.ends(m, { embedding = trait.embedding, norm = trait.norm, head = trait.head, norm_bias = true,
    head_bias = trait.head_bias })
end

local function reduce(config, checkpoint)
  local text = B.text(config)
  local architecture = B.architecture(text)
  local trait = TRAITS[architecture] or B.fail("architecture '%s' is not one of this family", architecture)
  local m = B.begin("gpt", config, checkpoint, options_of(text, trait))
  add_layers(m, trait)
  local rotary = B.dimension(text, { what = "rotary size", "rotary_dim", most = 100000 }, false)
  if trait.rope then B.rope(m, { width = rotary, partial = trait.rope }) end
  add_ends(m, trait)
  return B.finish(m)
end

return vw.family {
  id = "gpt",
  summary = "decoders with LayerNorm and an ungated feed-forward: GPT-2, GPT-NeoX, GPT-J, Phi, StarCoder, BLOOM",
  sources = {
    "vllm/model_executor/models/gpt2.py, gpt_neox.py, gpt_j.py, gpt_bigcode.py, phi.py, starcoder2.py, bloom.py",
    "transformers, models/gpt2/modeling_gpt2.py and the same files of the other architectures",
    "https://huggingface.co/openai-community/gpt2/blob/main/config.json",
  },
  architectures = { "GPT2LMHeadModel", "GPTBigCodeForCausalLM", "GPTNeoXForCausalLM", "GPTJForCausalLM",
    "PhiForCausalLM", "Starcoder2ForCausalLM", "BloomForCausalLM" },
  reduce = reduce,
}
