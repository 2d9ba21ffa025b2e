-- Building blocks of model families: a family describes one layer at a time, and this file turns that into the normal
-- form of vw.family (groups of equal layers, matrices fused as vLLM stores them). Errors are raised with a plain text
-- that names the key of config.json; who asked is added by the engine.
--
--   local B = require("_blocks")
--   reduce = function(config, checkpoint)
--     local m = B.begin("llama", config, checkpoint)      reads the common dimensions, see B.begin
--     B.layers(m, function(layer, index)                  called for every layer, equal layers become one group
--       B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
--       B.attention(layer, {})                            grouped-query attention, see B.attention
--       B.dense(layer, {})                                or B.moe(layer, {...})
--     end)
--     B.rope(m)
--     return B.finish(m)                                  embedding, final norm and head are added by B.ends(m)
--   end
--
-- A target is what matrices are added to: the model `m`, a layer, or a tower (B.tower). Names are module names of the
-- checkpoint without ".weight", relative to the target's prefix; they serve the ignore lists and `names`.
local C = require("_config")
local S = require("_stored")

local B = { dimension = C.dimension, whole = C.whole, count = C.count, factor = C.factor, first = C.first, object = C.object,
  with_defaults = C.with_defaults, text = C.text, fail = C.fail, KEYS = C.KEYS, rope_scaling = C.rope_scaling,
  boolean = C.boolean, architecture = C.architecture }

-- Only the 16-bit types and fp32 on demand: vLLM's dtype "auto" casts a float32 checkpoint to 16 bit
-- (vllm/config/model.py), and checkpoint.dtype_override carries what the user asked for.
local function storage_dtype(checkpoint, dtype)
  if checkpoint.dtype_override then return checkpoint.dtype_override end
  return dtype == "fp32" and "bf16" or dtype
end

local function read_heads(m, options)
  if options.heads == 0 then
    m.heads, m.kv_heads, m.head_dim = 0, 0, 0
    return
  end
  m.heads = options.heads or C.dimension(m.config, options.keys.heads or "heads")
  m.kv_heads = options.kv_heads or C.dimension(m.config, options.keys.kv_heads or "kv_heads", m.heads)
  m.head_dim = options.head_dim or C.dimension(m.config, options.keys.head_dim or "head_dim", m.hidden // m.heads)
  if m.head_dim < 1 then C.fail("hidden size %d is smaller than the %d attention heads", m.hidden, m.heads) end
end

-- Opens a reduction. m.config is the text model's config (nested text_config followed), m.root the whole one.
-- m.hidden, layers, heads, kv_heads, head_dim, vocab, max_context, tied, dtype are read and checked.
-- options: text = a text config to use, keys = { layers = {...}, ... } other synonyms (lists like B.KEYS),
-- tied = default of tie_word_embeddings (false), heads = 0 for models without attention, heads / kv_heads / head_dim =
-- numbers that the family worked out itself, context = default of the context length, prefix ("model."),
-- layer_prefix (prefix .. "layers.*.").
function B.begin(id, root, checkpoint, options)
  options = options or {}
  options.keys = options.keys or {}
  checkpoint = checkpoint or {}
  local text = options.text or C.text(root)
  local m = { id = id, root = root, config = text, checkpoint = checkpoint, groups = {}, matrices = {}, towers = {},
    rope = {}, unmodelled = {} }
  m.model = m
  m.prefix = ""
  m.layer_prefix = options.layer_prefix or (options.prefix or "model.") .. "layers.*."
  m.layers = C.dimension(text, options.keys.layers or "layers")
  m.hidden = C.dimension(text, options.keys.hidden or "hidden")
  read_heads(m, options)
  m.vocab = C.dimension(text, options.keys.vocab or "vocab")
  m.max_context, m.is_context_assumed = C.max_context(text, options.context)
  m.tied = C.boolean(text, "tie_word_embeddings")
  if m.tied == nil then m.tied = options.tied or false end
  m.dtype = C.dtype(text)
  m.storage = S.open(checkpoint, storage_dtype(checkpoint, m.dtype))
  return m
end

-- Intermediate size of the dense feed-forward.
function B.intermediate(m) return C.dimension(m.config, "intermediate") end

local function full_names(target, names)
  local full = {}
  for at, name in ipairs(names or {}) do full[at] = target.prefix .. name end
  return full
end

-- Adds one matrix: outputs x inputs, `copies` times. more = { copies, stored_as, buffer }. Empty ones are left out.
function B.matrix(target, role, outputs, inputs, split, names, more)
  more = more or {}
  if outputs == 0 or inputs == 0 or more.copies == 0 then return end
  local full = full_names(target, names)
  local storage = target.model.storage
  local matrix = { role = role, outputs = outputs, inputs = inputs, copies = (more.copies or 1) * (target.copies or 1),
    split = split, buffer = more.buffer }
  matrix.stored_as = more.stored_as or S.stored_as(storage, role, full, target.index)
  if storage.headers and not more.buffer and #full > 0 then
    matrix.stored_as, matrix.group_size = storage.headers.place(storage, matrix, full, target.index, target.model.layers,
      matrix.stored_as, more.stored_as ~= nil)
  end
  if #full > 0 then matrix.names = full end
  target.matrices[#target.matrices + 1] = matrix
  if S.has_order(storage, matrix) then
    target.matrices[#target.matrices + 1] = { role = role .. "_order", outputs = inputs, inputs = 1,
      copies = 2 * matrix.copies, split = split == "rows" and "columns" or "none", stored_as = "fp32", buffer = true }
  end
end

-- Adds one-dimensional weights of equal width, one per name: more = { width (hidden size), bias = true for LayerNorm
-- with bias, role ("norm"), split ("none"), stored_as }.
function B.norms(target, names, more)
  more = more or {}
  local width = more.width or target.model.hidden
  local own = { copies = #names, stored_as = more.stored_as }
  B.matrix(target, more.role or "norm", width, 1, more.split or "none", names, own)
  if more.bias then
    B.matrix(target, (more.role or "norm") .. "_bias", width, 1, more.split or "none", names, own)
  end
end

local function qk_norms(layer, spec, q_width, k_width)
  if spec.qk_norm == "head" then
    B.norms(layer, { "self_attn.q_norm", "self_attn.k_norm" }, { width = spec.key_dim, bias = spec.qk_norm_bias })
  elseif spec.qk_norm == "full" then
    B.norms(layer, { "self_attn.q_norm" }, { width = q_width, split = "columns" })
    B.norms(layer, { "self_attn.k_norm" }, { width = k_width, split = "columns" })
  end
end

-- Grouped-query attention with fused qkv: spec = { kind ("full"), window (tokens, sliding and chunked only),
-- heads, kv_heads, key_dim, value_dim (the model's), bias (qkv), o_bias, qk_norm ("none" | "head" | "full"),
-- qk_norm_bias, output_gate = true when the query rows double, shared_kv = true when values are the keys,
-- cross = inputs of k and v when they read another width, norms_elsewhere = true when the family adds the qk norms,
-- qkv = {names}, o = {names} }
function B.attention(layer, spec)
  local m = layer.model
  spec.heads, spec.kv_heads = spec.heads or m.heads, spec.kv_heads or m.kv_heads
  if spec.kv_heads > 0 and spec.heads % spec.kv_heads ~= 0 then
    C.fail("%d key-value heads, expected a divisor of the %d attention heads", spec.kv_heads, spec.heads)
  end
  spec.key_dim = spec.key_dim or m.head_dim
  spec.value_dim = spec.value_dim or spec.key_dim
  local names = spec.qkv or { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj" }
  local o_names = spec.o or { "self_attn.o_proj" }
  local q_rows = spec.heads * spec.key_dim * (spec.output_gate and 2 or 1)
  local k_rows = spec.kv_heads * spec.key_dim
  local v_rows = spec.shared_kv and 0 or spec.kv_heads * spec.value_dim
  B.matrix(layer, "qkv", q_rows + k_rows + v_rows, m.hidden, "kv-heads", names)
  if spec.bias then B.matrix(layer, "qkv_bias", q_rows + k_rows + v_rows, 1, "kv-heads", names) end
  B.matrix(layer, "o", m.hidden, spec.heads * spec.value_dim, "rows", o_names)
  if spec.o_bias then B.matrix(layer, "o_bias", m.hidden, 1, "none", o_names) end
  if not spec.norms_elsewhere then qk_norms(layer, spec, q_rows, k_rows) end
  layer.attention = { kind = spec.kind or "full", query_heads = spec.heads, kv_heads = spec.kv_heads,
    key_dim = spec.key_dim, value_dim = spec.value_dim, window_tokens = spec.window, qk_norm = spec.qk_norm or "none" }
end

-- Dense feed-forward: spec = { intermediate (the model's), gated (true), bias, down_bias (as bias), inputs (hidden),
-- gate_up = {names} or up = {names}, down = {names} }
function B.dense(layer, spec)
  local hidden = layer.model.hidden
  local width = spec.intermediate or B.intermediate(layer.model)
  local gated = spec.gated ~= false
  local up_names = spec.up or spec.gate_up or (gated and { "mlp.gate_proj", "mlp.up_proj" } or { "mlp.up_proj" })
  local down_names = spec.down or { "mlp.down_proj" }
  local down_bias = spec.down_bias
  if down_bias == nil then down_bias = spec.bias end
  local up, rows = gated and "gate_up" or "up", gated and 2 * width or width
  B.matrix(layer, up, rows, hidden, "columns", up_names)
  if spec.bias then B.matrix(layer, up .. "_bias", rows, 1, "columns", up_names) end
  B.matrix(layer, "down", hidden, width, "rows", down_names)
  if down_bias then B.matrix(layer, "down_bias", hidden, 1, "none", down_names) end
  layer.feed_forward = { kind = "dense", intermediate_size = width, gated = gated }
end

local function shared_experts(layer, spec, hidden)
  local width = spec.shared_intermediate or 0
  local at = spec.shared_name or "mlp.shared_experts"
  local up = spec.gated == false and { at .. ".up_proj" } or { at .. ".gate_proj", at .. ".up_proj" }
  B.matrix(layer, spec.gated == false and "shared_up" or "shared_gate_up", #up * width, hidden, "columns", up)
  B.matrix(layer, "shared_down", hidden, width, "rows", { at .. ".down_proj" })
  if spec.shared_gate then B.matrix(layer, "shared_gate", 1, hidden, "none", { at .. "_gate" }) end
end

-- Mixture of experts: spec = { experts, per_token, intermediate (of one expert), gated (true), bias (experts' biases),
-- router ("mlp.gate"), router_bias = "fp32" | "model" (stored as), router_dtype ("fp32" where it is kept so),
-- experts_name ("mlp.experts.*."), gate_up = {names}, down = {names} (relative to experts_name),
-- shared (count), shared_intermediate (width of all shared ones together), shared_gate, shared_name, inputs (hidden) }
function B.moe(layer, spec)
  local hidden, count, width = spec.inputs or layer.model.hidden, spec.experts, spec.intermediate
  local gated = spec.gated ~= false
  local at, router = spec.experts_name or "mlp.experts.*.", { spec.router or "mlp.gate" }
  local function under(names)
    local full = {}
    for i, name in ipairs(names) do full[i] = at .. name end
    return full
  end
  local up_names = under(spec.gate_up or (gated and { "gate_proj", "up_proj" } or { "up_proj" }))
  local down_names = under(spec.down or { "down_proj" })
  local up, rows = gated and "experts_gate_up" or "experts_up", gated and 2 * width or width
  local copies = { copies = count }
  B.matrix(layer, "router", count, layer.model.hidden, "none", router, { stored_as = spec.router_dtype })
  if spec.router_bias then
    local stored_as = spec.router_bias == "fp32" and "fp32" or nil
    B.matrix(layer, "router_bias", count, 1, "none", router, { stored_as = stored_as })
  end
  B.matrix(layer, up, rows, hidden, "experts", up_names, copies)
  B.matrix(layer, "experts_down", hidden, width, "experts", down_names, copies)
  if spec.bias then
    B.matrix(layer, up .. "_bias", rows, 1, "experts", up_names, copies)
    B.matrix(layer, "experts_down_bias", hidden, 1, "experts", down_names, copies)
  end
  shared_experts(layer, spec, layer.model.hidden)
  layer.feed_forward = { kind = "moe", intermediate_size = width, gated = gated, experts = count,
    experts_per_token = spec.per_token, shared_experts = spec.shared,
    shared_intermediate_size = spec.shared_intermediate, router_dtype = spec.router_dtype }
end

local function equal(a, b)
  if type(a) ~= "table" or type(b) ~= "table" then return a == b end
  for key, value in pairs(a) do
    if not equal(value, b[key]) then return false end
  end
  for key in pairs(b) do
    if a[key] == nil then return false end
  end
  return true
end

local function group_name(m, layer, role)
  local parts = {}
  if role ~= "target" then parts[1] = role end
  if layer.attention and layer.attention.kind ~= "none" then parts[#parts + 1] = layer.attention.kind end
  if layer.state then parts[#parts + 1] = layer.state.kind end
  if layer.feed_forward and layer.feed_forward.kind ~= "none" then parts[#parts + 1] = layer.feed_forward.kind end
  local base = #parts > 0 and table.concat(parts, "-") or "empty"
  m.names = m.names or {}
  m.names[base] = (m.names[base] or 0) + 1
  return m.names[base] > 1 and base .. "-" .. m.names[base] or base
end

local function known_group(m, layer, role)
  for _, group in ipairs(m.groups) do
    if group.role == role and equal(group.matrices, layer.matrices) and equal(group.attention, layer.attention) and
      equal(group.state, layer.state) and equal(group.feed_forward, layer.feed_forward) then return group end
  end
end

local function add_to_group(m, layer, role)
  local group = known_group(m, layer, role)
  if not group then
    group = { role = role, attention = layer.attention, state = layer.state, feed_forward = layer.feed_forward,
      matrices = layer.matrices, layers = {}, name = group_name(m, layer, role) }
    m.groups[#m.groups + 1] = group
  end
  group.layers[#group.layers + 1] = layer.index
  return group
end

-- Calls build(layer, index) for every layer (from 0) and groups equal ones. build fills the layer with B.attention,
-- B.dense, B.matrix ...; it may set layer.attention, layer.state and layer.feed_forward itself. options: first (0),
-- count (m.layers), role ("target" | "mtp"), prefix (m.layer_prefix; its star is the layer number), alike(index) = a
-- key that layers share when build makes them equal but for what the checkpoint ignores: such a layer is built once.
function B.layers(m, build, options)
  options = options or {}
  local first, groups = options.first or 0, {}
  local alike = S.treats_alike(m.storage) and options.alike
  for index = first, first + (options.count or m.layers) - 1 do
    local key = alike and alike(index)
    local group = key and groups[key]
    if group then
      group.layers[#group.layers + 1] = index
    else
      local layer = { model = m, index = index, prefix = options.prefix or m.layer_prefix, matrices = {},
        attention = { kind = "none" }, feed_forward = { kind = "none" } }
      build(layer, index)
      group = add_to_group(m, layer, options.role or "target")
      if key then groups[key] = group end
    end
  end
end

-- Multi-token-prediction layers: counted apart, loaded by vLLM for speculative decoding only. They follow the layers
-- of the model in number.
function B.mtp_layers(m, count, build)
  if count > 0 then B.layers(m, build, { first = m.layers, count = count, role = "mtp" }) end
end

-- The layer_types list of the config as kinds by layer number; default(index) names the kind where the list is absent.
-- Returns a function of the layer number. "sliding_attention" -> "sliding", "full_attention" -> "full", others as is.
function B.layer_kinds(m, default)
  local list = m.config.layer_types
  if type(list) ~= "table" then return default end
  if #list < m.layers then C.fail("layer_types names %d layers, expected %d", #list, m.layers) end
  return function(index)
    local kind = list[index + 1]
    if type(kind) ~= "string" then C.fail("layer_types holds a value that is no text") end
    return (kind:gsub("_attention$", ""))
  end
end

-- The sliding window in tokens; nil when the config has none or it is as long as the context (no limit then).
function B.window(m, key)
  local window = m.config[key or "sliding_window"]
  if window == nil or window == 0 or window == false or m.config.use_sliding_window == false then return nil end
  window = C.whole(window, key or "sliding_window", 1000000000)
  return window < m.max_context and window or nil
end

local function window_rule(m, rule)
  if type(rule) == "function" then return rule end
  if rule == "qwen" then
    local full = B.dimension(m.config, { what = "", "max_window_layers", most = 1000, least = 0 }, m.layers)
    return function(index) return index >= full and "sliding" or "full" end
  end
  if type(rule) == "number" then
    rule = B.whole(rule, "sliding_window_pattern", 1000)
    return function(index) return (index + 1) % rule ~= 0 and "sliding" or "full" end
  end
  return function() return rule == "all" and "sliding" or "full" end
end

-- Attention kind and window by layer number, for models with sliding windows. rule says which layers slide where the
-- config has no layer_types: "all", "none", "qwen" (from max_window_layers on, when use_sliding_window), a number n
-- (every n-th is full) or a function(index) -> "sliding" | "full".
function B.windows(m, rule)
  local window = B.window(m)
  if not window or (rule == "qwen" and not m.config.use_sliding_window) then return function() return "full" end end
  local kind = B.layer_kinds(m, window_rule(m, rule))
  return function(index)
    if kind(index) == "sliding" then return "sliding", window end
    return "full"
  end
end

-- Adds a rope table. more = { width (rotary size), partial (default of partial_rotary_factor), rows, scaling (of
-- C.rope_scaling), positions (max_position_embeddings), copies (4 for multimodal rope) }.
function B.rope(m, more)
  more = more or {}
  local scaling = more.scaling or C.rope_scaling(m.config)
  local partial = scaling.partial or m.config.partial_rotary_factor or m.config.rotary_pct or more.partial or 1
  if C.factor(partial, "partial_rotary_factor") > 1 then
    C.fail("partial_rotary_factor is %s, expected at most 1", partial)
  end
  local width = more.width or math.tointeger(m.head_dim * partial // 1)
  local positions = more.positions or m.config.max_position_embeddings or m.max_context
  positions = C.whole(positions, "max_position_embeddings", 1000000000)
  local copies = more.copies or (scaling.multimodal and 4) or nil
  local rows = more.rows or C.rope_rows(m.config, scaling, positions)
  m.rope[#m.rope + 1] = { rows = rows, width = width, copies = copies }
end

-- Opens a tower: fields as in the normal form. Matrices are added with the tower as target; `B.tower_layers(tower)`
-- gives a target whose matrices count once per tower layer. Returns the tower.
function B.tower(m, prefix, fields)
  local tower = { model = m, prefix = prefix, matrices = {}, fields = fields }
  m.towers[#m.towers + 1] = tower
  return tower
end

function B.tower_layers(tower, prefix, count)
  return { model = tower.model, prefix = tower.prefix .. prefix, matrices = tower.matrices,
    copies = count or tower.fields.layers }
end

-- One tower linear (or convolution): outputs x inputs and, unless told otherwise, a bias.
function B.tower_linear(target, role, outputs, inputs, split, name, bias)
  B.matrix(target, role, outputs, inputs, split, { name })
  if bias == false then return end
  B.matrix(target, role .. "_bias", outputs, 1, split == "columns" and split or "none", { name })
end

-- Embedding, final norm and head. more = { embedding, norm, head (names), norm_bias, head_bias, norms = number }.
function B.ends(m, more)
  more = more or {}
  B.matrix(m, "embedding", m.vocab, more.width or m.hidden, "vocabulary", { more.embedding or "model.embed_tokens" })
  if more.norm ~= false then B.norms(m, { more.norm or "model.norm" }, { bias = more.norm_bias }) end
  if not m.tied then B.matrix(m, "head", m.vocab, m.hidden, "vocabulary", { more.head or "lm_head" }) end
  if more.head_bias then B.matrix(m, "head_bias", m.vocab, 1, "vocabulary", { more.head or "lm_head" }) end
  m.ended = true
end

local function finished_towers(m)
  local towers = vw.list {}
  for at, tower in ipairs(m.towers) do
    towers[at] = tower.fields
    towers[at].matrices = tower.matrices
  end
  return towers
end

-- The normal form. Adds embedding, norm and head unless B.ends was called.
function B.finish(m)
  if not m.ended then B.ends(m) end
  local rope = vw.list {}
  for at, table_ in ipairs(m.rope) do rope[at] = table_ end
  local headers, guesses = m.storage.headers, C.guesses(m.config, m.is_context_assumed and m.max_context)
  return { family = m.id, hidden_size = m.hidden, vocab_size = m.vocab, max_context_tokens = m.max_context,
    tied_embeddings = m.tied, model_dtype = m.dtype, layers = m.layers, attention_heads = m.heads,
    kv_heads = m.kv_heads, head_dim = m.head_dim, estimated = m.estimated,
    quantization = S.declared(m.checkpoint, m.config), rope = rope,
    groups = m.groups, matrices = m.matrices, towers = finished_towers(m),
    tensors = headers and headers.report(m) or nil,
    unmodelled = #m.unmodelled > 0 and m.unmodelled or nil, needs = m.needs,
    warnings = #guesses > 0 and guesses or nil }
end

return B
