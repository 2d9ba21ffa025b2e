-- Multi-head latent attention (MLA) and the decoder of the DeepSeek line, as deepseek.lua, glm-dsa.lua, kimi-k2-5.lua
-- and kimi-linear.lua need it. Shapes: vllm/model_executor/models/deepseek_v2.py.
local B = require("_blocks")
local L = {}

local function dimension(config, key, most)
  return B.dimension(config, { what = key:gsub("_", " "), key, most = most or 1000000 })
end

-- The latent sizes of a config; q_rank is 0 where queries are projected at once.
function L.sizes(config)
  local sizes = { q_rank = 0, kv_rank = dimension(config, "kv_lora_rank"), rope = dimension(config, "qk_rope_head_dim"),
    nope = dimension(config, "qk_nope_head_dim"), value = dimension(config, "v_head_dim") }
  if config.q_lora_rank then sizes.q_rank = dimension(config, "q_lora_rank") end
  if config.index_n_heads then
    sizes.indexer_heads = dimension(config, "index_n_heads")
    sizes.indexer_dim = dimension(config, "index_head_dim")
  end
  return sizes
end

-- What keys and values come from is read by every rank, so it is not split; with a query rank vLLM fuses both inputs.
local function queries(layer, sizes, bias)
  local m = layer.model
  local rows, kv_rows = m.heads * (sizes.nope + sizes.rope), sizes.kv_rank + sizes.rope
  if sizes.q_rank == 0 then
    B.matrix(layer, "q", rows, m.hidden, "columns", { "self_attn.q_proj" })
    B.matrix(layer, "kv_a", kv_rows, m.hidden, "none", { "self_attn.kv_a_proj_with_mqa" })
    if bias then B.matrix(layer, "kv_a_bias", kv_rows, 1, "none", { "self_attn.kv_a_proj_with_mqa" }) end
    return
  end
  local names = { "self_attn.q_a_proj", "self_attn.kv_a_proj_with_mqa" }
  B.matrix(layer, "qkv_a", sizes.q_rank + kv_rows, m.hidden, "none", names)
  if bias then B.matrix(layer, "qkv_a_bias", sizes.q_rank + kv_rows, 1, "none", names) end
  B.norms(layer, { "self_attn.q_a_layernorm" }, { width = sizes.q_rank })
  B.matrix(layer, "q_b", rows, sizes.q_rank, "columns", { "self_attn.q_b_proj" })
end

-- DeepSeek sparse attention picks the keys with a small scorer. Its head weights are never quantized, its LayerNorm is
-- kept in 32 bit.
local function indexer(layer, sizes)
  local m, width = layer.model, sizes.indexer_heads * sizes.indexer_dim
  B.matrix(layer, "indexer_q_b", width, sizes.q_rank, "none", { "self_attn.indexer.wq_b" })
  B.matrix(layer, "indexer_k", sizes.indexer_dim, m.hidden, "none", { "self_attn.indexer.wk" })
  B.matrix(layer, "indexer_weights", sizes.indexer_heads, m.hidden, "none", { "self_attn.indexer.weights_proj" },
    { stored_as = m.storage.dtype })
  B.norms(layer, { "self_attn.indexer.k_norm" }, { width = sizes.indexer_dim, bias = true, role = "indexer_norm",
    stored_as = "fp32" })
end

-- Adds latent attention to a layer: sizes of L.sizes; options: bias, indexer = false for a layer that reuses the keys
-- an earlier layer picked. The heads stated are those before compression: what is cached is one row of
-- kv_rank + rope_dim per token and layer, on every rank (and one of indexer_dim).
function L.attention(layer, sizes, options)
  options = options or {}
  local m = layer.model
  queries(layer, sizes, options.bias)
  B.norms(layer, { "self_attn.kv_a_layernorm" }, { width = sizes.kv_rank })
  B.matrix(layer, "kv_b", m.heads * (sizes.nope + sizes.value), sizes.kv_rank, "columns", { "self_attn.kv_b_proj" })
  B.matrix(layer, "o", m.hidden, m.heads * sizes.value, "rows", { "self_attn.o_proj" })
  if options.bias then B.matrix(layer, "o_bias", m.hidden, 1, "none", { "self_attn.o_proj" }) end
  local scored = sizes.indexer_heads and options.indexer ~= false
  if scored then indexer(layer, sizes) end
  layer.attention = { kind = "latent", query_heads = m.heads, kv_heads = m.heads, key_dim = sizes.nope + sizes.rope,
    value_dim = sizes.value, qk_norm = "none",
    latent = { q_rank = sizes.q_rank, kv_rank = sizes.kv_rank, rope_dim = sizes.rope, nope_dim = sizes.nope,
      indexer_heads = scored and sizes.indexer_heads or nil, indexer_dim = scored and sizes.indexer_dim or nil } }
end

-- The mixture as the config describes it: spec for B.moe.
local function mixture(config, options)
  local width = B.dimension(config, "expert_intermediate")
  local shared = B.count(config, "n_shared_experts")
  return { experts = B.dimension(config, "experts"), per_token = B.dimension(config, "experts_per_token"),
    intermediate = width, router_bias = options.router_bias and "fp32" or nil, router_dtype = options.router_dtype,
    shared = shared, shared_intermediate = shared * width }
end

-- Which layers have experts: all from first_k_dense_replace on, every moe_layer_freq-th.
local function has_experts(config)
  if not config.n_routed_experts then return function() return false end end
  local first, every = config.first_k_dense_replace or 0, config.moe_layer_freq or 1
  first = B.whole(first, "first_k_dense_replace", 1000, 0)
  every = B.whole(every, "moe_layer_freq", 1000)
  return function(index) return index >= first and index % every == 0 end
end

local function decoder(m, sizes, options)
  local sparse = has_experts(m.config)
  local shares = type(m.config.indexer_types) == "table" and m.config.indexer_types or {}
  return function(layer, index, is_mtp)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    L.attention(layer, sizes, { bias = m.config.attention_bias == true, indexer = shares[index + 1] ~= "shared" })
    if is_mtp or sparse(index) then
      B.moe(layer, mixture(m.config, options))
    else
      B.dense(layer, {})
    end
  end
end

-- vllm/v1/attention/backends/mla/flashmla_sparse.py (supports_compute_capability: major 9 and 10).
local sparse_needs = { compute_capability = 9.0, compute_capability_below = 11.0,
  reason = "sparse latent attention has kernels for Hopper and Blackwell data-centre cards only" }

-- A whole model of the line. options: router_bias (a correction bias per expert), router_dtype, begin (options of
-- B.begin), prefix = what stands before "model." and "lm_head" in the checkpoint ("").
function L.model(id, root, checkpoint, options)
  local prefix = options.prefix or ""
  local m = B.begin(id, root, checkpoint, { prefix = prefix .. "model." })
  local sizes = L.sizes(m.config)
  if sizes.indexer_heads then m.needs = sparse_needs end
  local build = decoder(m, sizes, options)
  B.layers(m, build)
  -- Multi-token prediction: one more layer, fed with two normed halves. It uses the embedding and the head of the
  -- model, although checkpoints carry copies.
  B.mtp_layers(m, B.count(m.config, "num_nextn_predict_layers"), function(layer, index)
    build(layer, index, true)
    B.norms(layer, { "enorm", "hnorm", "shared_head.norm" })
    B.matrix(layer, "other", m.hidden, 2 * m.hidden, "none", { "eh_proj" })
  end)
  B.rope(m, { width = sizes.rope })
  B.ends(m, { embedding = prefix .. "model.embed_tokens", norm = prefix .. "model.norm", head = prefix .. "lm_head" })
  return m
end

return L
