-- A model that no family knows, from the keys that most config.json files share: a rough estimate that says so. It is
-- asked with --family generic, or when --params-b is given beside an unknown architecture.
local B = require("_blocks")

local SHARED = { what = "", "n_shared_experts", "num_shared_experts", "moe_num_shared_experts", most = 1000, least = 0 }
local FIRST_DENSE = { what = "", "first_k_dense_replace", most = 1000, least = 0 }
-- Attention that needs less memory than what is counted here.
local LEANER = { kv_lora_rank = "latent attention", sliding_window = "a sliding window", layer_types = "mixed layers",
  attention_chunk_size = "chunked attention", linear_attn_config = "linear attention", mamba_d_state = "state layers",
  ssm_state_size = "state layers" }

-- The width of the feed-forward; the usual four times the hidden size where the config does not say.
local function width_of(m)
  local width = B.dimension(m.config, "intermediate", false)
  if width then return width end
  m.unmodelled[#m.unmodelled + 1] = "the config has no intermediate size: 4 x hidden size taken"
  return 4 * m.hidden
end

local function mixture_of(m, width)
  local experts = B.dimension(m.config, "experts", false)
  if not experts or experts < 2 then return nil end
  local expert_width = B.dimension(m.config, "expert_intermediate", width)
  local shared = B.dimension(m.config, SHARED, 0)
  return { experts = experts, per_token = B.dimension(m.config, "experts_per_token", 1), intermediate = expert_width,
    shared = shared, shared_intermediate = shared * expert_width }
end

local function note_what_is_ignored(m, root)
  local found = {}
  for key, name in pairs(LEANER) do
    if m.config[key] ~= nil and m.config[key] ~= false then found[name] = true end
  end
  local names = {}
  for name in pairs(found) do names[#names + 1] = name end
  table.sort(names)
  for _, name in ipairs(names) do
    m.unmodelled[#m.unmodelled + 1] = "the config speaks of " .. name .. ": counted as full attention in every layer"
  end
  if root.vision_config or root.audio_config then m.unmodelled[#m.unmodelled + 1] = "its towers are left out" end
end

local function reduce(config, checkpoint)
  local text = B.text(config)
  local m = B.begin("generic", config, checkpoint, { text = B.with_defaults(text, { vocab_size = 32000 }) })
  m.estimated = true
  m.unmodelled[1] = string.format("architecture '%s' is not known: a rough estimate from the sizes in its config.json, "
    .. "as gated layers with grouped-query attention", B.architecture(config))
  if not B.first(text, B.KEYS.vocab) then m.unmodelled[2] = "the config has no vocabulary size: 32000 taken" end
  local width = width_of(m)
  local mixture, dense_layers = mixture_of(m, width), B.dimension(text, FIRST_DENSE, 0)
  B.layers(m, function(layer, index)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    B.attention(layer, {})
    if mixture and index >= dense_layers then B.moe(layer, mixture) else B.dense(layer, { intermediate = width }) end
  end)
  note_what_is_ignored(m, config)
  B.rope(m)
  return B.finish(m)
end

return vw.family {
  id = "generic",
  summary = "rough estimate for an architecture that no family knows",
  sources = { "vllm/model_executor/models/llama.py, mixtral.py: the layers that it assumes" },
  architectures = vw.list {},
  reduce = reduce,
}
