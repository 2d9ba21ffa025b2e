-- Nemotron-H and Nemotron 3: every layer is one mixer, Mamba 2, attention, a feed-forward or experts.
local B, S, mixed = require("_blocks"), require("_state"), require("_mixed")

local LETTERS = { M = "mamba", ["*"] = "attention", ["-"] = "mlp", E = "moe" }

local function from_letters(text, key)
  local kinds = {}
  for letter in text:gmatch(".") do
    kinds[#kinds + 1] = LETTERS[letter] or B.fail("%s holds '%s', expected M, *, - and E", key, letter)
  end
  return kinds
end

-- The mixers in order, from the letters or from the list of words.
local function mixers(config, letters_key, words_key)
  local kinds = config[words_key]
  if type(config[letters_key]) == "string" then kinds = from_letters(config[letters_key], letters_key) end
  if type(kinds) ~= "table" then return nil end
  return kinds
end

local function experts(layer)
  local m, config = layer.model, layer.model.config
  local latent = config.moe_latent_size and S.dimension(config, "moe_latent_size")
  local shared = B.count(config, "n_shared_experts")
  local width = S.dimension(config, "moe_shared_expert_intermediate_size", 0) or 0
  if latent then
    B.matrix(layer, "latent_in", latent, m.hidden, "none", { "mixer.fc1_latent_proj" })
    B.matrix(layer, "latent_out", m.hidden, latent, "none", { "mixer.fc2_latent_proj" })
  end
  B.moe(layer, { experts = B.dimension(config, "experts"), per_token = B.dimension(config, "experts_per_token"),
    intermediate = B.dimension(config, "expert_intermediate"), inputs = latent, gated = false, router = "mixer.gate",
    router_bias = "fp32", experts_name = "mixer.experts.*.", shared = shared, shared_intermediate = shared * width,
    shared_name = "mixer.shared_experts" })
end

local MIXERS = {}
function MIXERS.mamba(layer)
  local config = layer.model.config
  S.mamba2(layer, { at = "mixer", heads = S.dimension(config, "mamba_num_heads"),
    head_dim = S.dimension(config, "mamba_head_dim"), state_dim = S.dimension(config, "ssm_state_size"),
    groups = S.dimension(config, "n_groups"), kernel = S.dimension(config, "conv_kernel"),
    bias = config.use_bias == true or config.mamba_proj_bias == true, conv_bias = config.use_conv_bias ~= false,
    chunk = S.dimension(config, "chunk_size", 128) })
end
function MIXERS.attention(layer)
  local bias = layer.model.config.attention_bias == true
  B.attention(layer, { qkv = { "mixer.q_proj", "mixer.k_proj", "mixer.v_proj" }, o = { "mixer.o_proj" }, bias = bias,
    o_bias = bias })
end
function MIXERS.mlp(layer)
  B.dense(layer, { gated = false, up = { "mixer.up_proj" }, down = { "mixer.down_proj" },
    bias = layer.model.config.mlp_bias == true })
end
MIXERS.moe = experts

local function mix(layer, kind)
  B.norms(layer, { "norm" })
  local add = MIXERS[kind]
  if not add then B.fail("layers_block_type holds '%s', expected mamba, attention, mlp or moe", tostring(kind)) end
  add(layer)
  mixed.settle(layer)
end

-- The predictor: its first layer reads two normed halves, its last has a norm of its own.
local function predictor(m, kinds)
  if not kinds then return end
  local count = #kinds * B.count(m.config, "num_nextn_predict_layers")
  B.layers(m, function(layer, index)
    local at = (index - m.layers) % #kinds + 1
    mix(layer, kinds[at])
    if at == 1 then
      B.norms(layer, { "enorm", "hnorm" })
      B.matrix(layer, "other", m.hidden, 2 * m.hidden, "none", { "eh_proj" })
    end
    if at == #kinds then B.norms(layer, { "final_layernorm" }) end
  end, { first = m.layers, count = count, role = "mtp", prefix = "mtp.layers.*." })
end

return vw.family {
  id = "nemotron-h", summary = "Nemotron-H, Nemotron Nano 2 and Nemotron 3: Mamba 2 with a few attention layers",
  sources = { "vllm/model_executor/models/nemotron_h.py", "vllm/model_executor/models/nemotron_h_mtp.py",
    "huggingface.co nvidia/NVIDIA-Nemotron-3-Nano-30B-A3B-BF16 config.json" },
  architectures = { "NemotronHForCausalLM" },
  reduce = function(config, checkpoint)
    local head_dim = B.first(config, { "head_dim", "attention_head_dim" })
    local kinds = mixers(config, "hybrid_override_pattern", "layers_block_type")
    if not kinds then B.fail("config has neither hybrid_override_pattern nor layers_block_type") end
    -- Newer configs leave the number of layers to the list.
    local counted = B.with_defaults(config, { num_hidden_layers = #kinds })
    local m = B.begin("nemotron-h", counted, checkpoint, { prefix = "backbone.",
      head_dim = head_dim and B.whole(head_dim, "head_dim", 100000) })
    if #kinds < m.layers then B.fail("the layer pattern names %d layers, expected %d", #kinds, m.layers) end
    B.layers(m, function(layer, index) mix(layer, kinds[index + 1]) end)
    predictor(m, mixers(m.config, "mtp_hybrid_override_pattern", "mtp_layers_block_type"))
    B.ends(m, { embedding = "backbone.embeddings", norm = "backbone.norm_f" })
    mixed.settle(m)
    return B.finish(m)
  end,
}
