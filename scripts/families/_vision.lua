-- Vision towers, each added to a model by one function: V.clip, V.siglip, V.pixtral, V.qwen, V.llama4, V.mllama,
-- V.gemma4. Towers stay in 16 bit: published quantized checkpoints leave them alone.
local B = require("_blocks")

local V = {}

local function size(vision, what, key, default)
  return B.dimension(vision, { what = what, key, most = 100000 }, default)
end

-- The dimensions that most towers state under the same names.
local function common(vision, defaults)
  local v = B.with_defaults(vision, defaults)
  return { layers = B.dimension(v, { what = "number of vision layers", "num_hidden_layers", "depth", most = 1000 }),
    hidden = B.dimension(v, { what = "hidden size of the vision tower", "hidden_size", "embed_dim", most = 100000 }),
    intermediate = size(v, "intermediate size of the vision tower", "intermediate_size", false),
    heads = B.dimension(v, { what = "number of vision heads", "num_attention_heads", "num_heads", "attention_heads",
      most = 10000 }),
    patch = size(v, "patch size", "patch_size"), image = size(v, "image size", "image_size", false),
    frames = size(v, "", "temporal_patch_size", 1),
    channels = B.dimension(v, { what = "number of channels", "num_channels", "in_channels", "in_chans", most = 1000 },
      3) }
end

local function open(m, prefix, d, more)
  local fields = { kind = "vision", layers = d.layers, hidden_size = d.hidden, intermediate_size = d.intermediate,
    gated = false, heads = d.heads, patch_size = d.patch, image_size = d.image or nil }
  for key, value in pairs(more) do fields[key] = value end
  return B.tower(m, prefix, fields)
end

-- Matrices of all layers: spec = { prefix, count, gated, attention_bias, mlp_bias, norm_bias, norms, head_norms,
-- names = { qkv, o, up, down } }
local function blocks(tower, d, spec)
  local at = B.tower_layers(tower, spec.prefix, spec.count or d.layers)
  local up, up_role = d.intermediate, "tower_up"
  if spec.gated then up, up_role = 2 * up, "tower_gate_up" end
  B.norms(at, spec.norms, { width = d.hidden, role = "tower_norm", bias = spec.norm_bias })
  B.tower_linear(at, "tower_qkv", 3 * d.hidden, d.hidden, "columns", spec.names.qkv, spec.attention_bias)
  B.tower_linear(at, "tower_o", d.hidden, d.hidden, "rows", spec.names.o, spec.attention_bias)
  B.tower_linear(at, up_role, up, d.hidden, "columns", spec.names.up, spec.mlp_bias)
  B.tower_linear(at, "tower_down", d.hidden, d.intermediate, "rows", spec.names.down, spec.mlp_bias)
  if spec.head_norms then
    B.norms(at, spec.head_norms, { width = d.hidden // d.heads, role = "tower_norm" })
  end
  return at
end

local function patches_of(d)
  local image = d.image or B.fail("config has no image size (looked for image_size)")
  local side = image // d.patch
  return side * side
end

local function patch_embedding(tower, d, name, bias)
  B.tower_linear(tower, "tower_patch", d.hidden, d.channels * d.patch * d.patch * d.frames, "none", name, bias)
end

local function positions(tower, rows, width, name)
  B.matrix(tower, "tower_position", rows, width, "none", { name })
end

local ENCODER = { norms = { "layer_norm1", "layer_norm2" }, norm_bias = true,
  names = { qkv = "self_attn.qkv_proj", o = "self_attn.out_proj", up = "mlp.fc1", down = "mlp.fc2" } }

local LLAMA_NAMES = { qkv = "self_attn.qkv_proj", o = "self_attn.o_proj", up = "mlp.fc1", down = "mlp.fc2" }

local function encoder(prefix) return B.with_defaults({ prefix = prefix }, ENCODER) end

-- CLIP: class token, learned positions, norms before and after (transformers, models/clip/modeling_clip.py). The
-- defaults are those of openai/clip-vit-large-patch14-336, which the LLaVA family uses.
function V.clip(m, vision)
  local d = common(vision, { hidden_size = 1024, intermediate_size = 4096, num_hidden_layers = 24,
    num_attention_heads = 16, image_size = 336, patch_size = 14 })
  local patches = patches_of(d)
  local tower = open(m, "vision_tower.vision_model.", d, { tokens_per_item = patches, max_tokens_per_item = patches })
  B.matrix(tower, "tower_position", 1, d.hidden, "none", { "embeddings.class_embedding" })
  patch_embedding(tower, d, "embeddings.patch_embedding", false)
  positions(tower, patches + 1, d.hidden, "embeddings.position_embedding")
  B.norms(tower, { "pre_layrnorm", "post_layernorm" }, { width = d.hidden, role = "tower_norm", bias = true })
  blocks(tower, d, encoder("encoder.layers.*."))
  return tower
end

-- SigLIP without its pooling head (transformers, models/siglip/modeling_siglip.py).
function V.siglip(m, vision, tokens)
  local d = common(vision, {})
  local patches = patches_of(d)
  tokens = tokens or patches
  local tower = open(m, "vision_tower.vision_model.", d, { tokens_per_item = tokens, max_tokens_per_item = tokens })
  patch_embedding(tower, d, "embeddings.patch_embedding", true)
  positions(tower, patches, d.hidden, "embeddings.position_embedding")
  B.norms(tower, { "post_layernorm" }, { width = d.hidden, role = "tower_norm", bias = true })
  blocks(tower, d, encoder("encoder.layers.*."))
  return tower
end

-- Pixtral: gated feed-forward, two-dimensional rope, no biases; one row-break token per row of patches in the prompt
-- (transformers, models/pixtral/modeling_pixtral.py).
function V.pixtral(m, vision, merge)
  local d = common(vision, { hidden_size = 1024, intermediate_size = 4096, num_hidden_layers = 24,
    num_attention_heads = 16, image_size = 1024, patch_size = 16 })
  local side = d.image // (d.patch * merge)
  local tower = open(m, "vision_tower.", d, { gated = true, merge_size = merge, tokens_per_item = side * side,
    max_tokens_per_item = side * (side + 1) })
  patch_embedding(tower, d, "patch_conv", false)
  B.norms(tower, { "ln_pre" }, { width = d.hidden, role = "tower_norm" })
  blocks(tower, d, { prefix = "transformer.layers.*.", gated = true, attention_bias = false, mlp_bias = false,
    norms = { "attention_norm", "ffn_norm" },
    names = { qkv = "attention.qkv_proj", o = "attention.o_proj", up = "feed_forward.gate_up_proj",
      down = "feed_forward.down_proj" } })
  return tower
end

-- The largest image that the preprocessor lets through, in tokens after merging.
local function largest_image(m, d, merge, default_tokens)
  local pre = m.checkpoint.preprocessor_config or {}
  local pixels = pre.max_pixels or B.object(pre, "size").longest_edge
  if type(pixels) ~= "number" or pixels < 1 or pixels > 1e12 then return default_tokens end
  return math.max(1, math.tointeger(math.floor(pixels / (d.patch * merge) ^ 2)))
end

local QWEN_NAMES = { qkv = "attn.qkv", o = "attn.proj" }

local QWEN2_MERGER = { "mlp.0", "mlp.2" }

local function qwen_merger(tower, d, wide, out, name, norm, norm_width, bias, linears)
  linears = linears or { "linear_fc1", "linear_fc2" }
  B.norms(tower, { name .. norm }, { width = norm_width, role = "tower_norm", bias = bias })
  B.tower_linear(tower, "projector", wide, wide, "columns", name .. linears[1])
  B.tower_linear(tower, "projector", out, wide, "rows", name .. linears[2])
end

local function qwen2(tower, d, vision, wide, out)
  patch_embedding(tower, d, "patch_embed.proj", false)
  blocks(tower, d, { prefix = "blocks.*.", norms = { "norm1", "norm2" }, norm_bias = true,
    names = B.with_defaults({ up = "mlp.fc1", down = "mlp.fc2" }, QWEN_NAMES) })
  qwen_merger(tower, d, wide, out, "merger.", "ln_q", d.hidden, true, QWEN2_MERGER)
end

local function qwen2_5(tower, d, vision, wide, out)
  patch_embedding(tower, d, "patch_embed.proj", false)
  blocks(tower, d, { prefix = "blocks.*.", gated = true, norms = { "norm1", "norm2" },
    names = B.with_defaults({ up = "mlp.gate_up_proj", down = "mlp.down_proj" }, QWEN_NAMES) })
  qwen_merger(tower, d, wide, out, "merger.", "ln_q", d.hidden, false, QWEN2_MERGER)
end

local function qwen3(tower, d, vision, wide, out, levels)
  patch_embedding(tower, d, "patch_embed.proj", true)
  positions(tower, size(vision, "number of positions", "num_position_embeddings"), d.hidden, "pos_embed")
  blocks(tower, d, { prefix = "blocks.*.", norms = { "norm1", "norm2" }, norm_bias = true,
    names = B.with_defaults({ up = "mlp.linear_fc1", down = "mlp.linear_fc2" }, QWEN_NAMES) })
  qwen_merger(tower, d, wide, out, "merger.", "norm", d.hidden, true)
  qwen_merger(B.tower_layers(tower, "", levels - 1), d, wide, out, "deepstack_merger_list.*.", "norm", wide, true)
end

local QWEN = { [2] = qwen2, [2.5] = qwen2_5, [3] = qwen3 }

-- Towers of the Qwen-VL line, generation 2, 2.5 or 3 (also Qwen3.5): m's text model reads `out_hidden_size`; deepstack
-- gives one more output per listed layer (vllm/model_executor/models/qwen2_vl.py, qwen2_5_vl.py, qwen3_vl.py).
function V.qwen(m, vision, generation)
  local v = B.with_defaults(vision, { depth = 32, num_heads = 16, patch_size = 14, spatial_merge_size = 2,
    temporal_patch_size = 2 })
  local d = common(generation == 2 and B.with_defaults({ hidden_size = v.embed_dim or 1280 }, v) or v, {})
  if generation == 2 then d.intermediate = math.tointeger(d.hidden * B.factor(v.mlp_ratio or 4, "mlp_ratio") // 1) end
  local merge = size(v, "merge size", "spatial_merge_size")
  local out = generation == 2 and m.hidden or size(v, "output width of the vision tower", "out_hidden_size", m.hidden)
  local levels = 1 + (generation == 3 and #B.object(v, "deepstack_visual_indexes") or 0)
  local tokens = largest_image(m, d, merge, 16384)
  local tower = open(m, "visual.", d, { gated = generation == 2.5, merge_size = merge, output_levels = levels,
    tokens_per_item = tokens, max_tokens_per_item = tokens, temporal_patch_size = d.frames,
    profile = generation == 3 and "qwen3-video" or "qwen2-video" })
  QWEN[generation](tower, d, v, d.hidden * merge * merge, out, levels)
  return tower
end

-- Llama 4: 17 tiles of an image at most, each shuffled down to a quarter of its patches, and an adapter
-- (transformers, models/llama4/modeling_llama4.py). The defaults are the published checkpoints'.
function V.llama4(m, vision)
  local v = B.with_defaults(vision, { hidden_size = 1408, intermediate_size = 5632, num_hidden_layers = 34,
    num_attention_heads = 16, image_size = 336, patch_size = 14, vision_output_dim = 4096,
    projector_input_dim = 4096, projector_output_dim = 4096, pixel_shuffle_ratio = 0.5 })
  local d = common(v, {})
  local patches = patches_of(d)
  local ratio = B.factor(v.pixel_shuffle_ratio, "pixel_shuffle_ratio")
  local tokens = 17 * math.tointeger(patches * ratio ^ 2 // 1)
  local tower = open(m, "vision_model.", d, { tokens_per_item = tokens, max_tokens_per_item = tokens })
  patch_embedding(tower, d, "patch_embedding.linear", false)
  positions(tower, patches + 2, d.hidden, "positional_embedding_vlm")
  B.norms(tower, { "layernorm_pre", "layernorm_post" }, { width = d.hidden, role = "tower_norm", bias = true })
  blocks(tower, d, { prefix = "model.layers.*.", norms = { "input_layernorm", "post_attention_layernorm" },
    norm_bias = true, names = LLAMA_NAMES })
  local inner, outer = size(v, "", "projector_input_dim"), size(v, "", "projector_output_dim")
  B.tower_linear(tower, "projector", inner, d.intermediate, "columns", "vision_adapter.mlp.fc1", false)
  B.tower_linear(tower, "projector", outer, inner, "rows", "vision_adapter.mlp.fc2", false)
  B.tower_linear(tower, "projector", m.hidden, size(v, "", "vision_output_dim"), "columns",
    "multi_modal_projector.linear_1", false)
  return tower
end

-- The gates of Mllama's global layers and position tables: single numbers.
local function gates(target, names) B.norms(target, names, { width = 1, role = "tower_norm" }) end

-- Mllama: local and global layers over up to four tiles; some layers' outputs are joined
-- (transformers, models/mllama/modeling_mllama.py).
function V.mllama(m, vision)
  local v = B.with_defaults(vision, { num_global_layers = 8, max_num_tiles = 4 })
  local d = common(v, {})
  local rows, ratios = patches_of(d) + 1, #B.object(v, "supported_aspect_ratios") + 1
  local tiles = B.whole(v.max_num_tiles, "max_num_tiles", 1000)
  local global = B.whole(v.num_global_layers, "num_global_layers", 1000)
  local tower = open(m, "vision_model.", d, { layers = d.layers + global, tokens_per_item = tiles * rows,
    max_tokens_per_item = tiles * rows })
  patch_embedding(tower, d, "patch_embedding", false)
  positions(tower, rows + 1, d.hidden, "gated_positional_embedding")
  positions(tower, ratios, tiles * rows * d.hidden, "gated_positional_embedding.tile_embedding")
  positions(tower, 2 * ratios, tiles * d.hidden, "pre_tile_positional_embedding")
  gates(tower, { "gated_positional_embedding.gate", "pre_tile_positional_embedding.gate",
    "post_tile_positional_embedding.gate" })
  B.norms(tower, { "layernorm_pre", "layernorm_post" }, { width = d.hidden, role = "tower_norm", bias = true })
  local spec = { norms = { "input_layernorm", "post_attention_layernorm" }, norm_bias = true, attention_bias = false,
    names = LLAMA_NAMES }
  blocks(tower, d, B.with_defaults({ prefix = "transformer.layers.*." }, spec))
  gates(blocks(tower, d, B.with_defaults({ prefix = "global_transformer.layers.*.", count = global }, spec)),
    { "gate_attn", "gate_ffn" })
  B.tower_linear(tower, "projector", m.hidden, size(v, "output width", "vision_output_dim"), "columns",
    "multi_modal_projector")
  return tower
end

-- Gemma 4: gated feed-forward, norms around attention and feed-forward, a two-dimensional table of positions. A video
-- of 32 frames has 32 x 78 tokens, which is the largest item (vllm/model_executor/models/gemma4_mm.py).
function V.gemma4(m, vision, tokens)
  local d = common(vision, {})
  local pooling = size(vision, "", "pooling_kernel_size", false) or nil
  local tower = open(m, "vision_tower.", d, { gated = true, merge_size = pooling,
    tokens_per_item = tokens, max_tokens_per_item = math.max(tokens, 32 * 78), profile = "gemma4-video" })
  patch_embedding(tower, d, "patch_embedder.input_proj", false)
  positions(tower, 2 * size(vision, "number of positions", "position_embedding_size"), d.hidden,
    "patch_embedder.position_embedding_table")
  blocks(tower, d, { prefix = "encoder.layers.*.", gated = true, attention_bias = false, mlp_bias = false,
    norms = { "input_layernorm", "post_attention_layernorm", "pre_feedforward_layernorm",
      "post_feedforward_layernorm" },
    head_norms = { "self_attn.q_norm", "self_attn.k_norm" },
    names = { qkv = "self_attn.qkv_proj", o = "self_attn.o_proj", up = "mlp.gate_up_proj", down = "mlp.down_proj" } })
  B.tower_linear(tower, "projector", m.hidden, d.hidden, "none", "embed_vision.embedding_projection", false)
  return tower
end

return V
