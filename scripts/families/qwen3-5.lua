-- Qwen3.5, Qwen3.6: the decoder of Qwen3-Next, dense or with experts, and the vision tower of Qwen3-VL.
local B, G, mixed = require("_blocks"), require("_gated-delta"), require("_mixed")

-- Tokens of the largest image: the processor's longest_edge is a number of pixels.
local function most_tokens(checkpoint, pixels_per_token)
  local size = B.object(B.object(checkpoint, "preprocessor_config"), "size")
  local pixels = type(size.longest_edge) == "number" and size.longest_edge or 16777216
  return math.tointeger(pixels // pixels_per_token)
end

local function number(vision, key, default)
  return B.dimension(vision, { what = "vision " .. key:gsub("_", " "), key, most = 10000000 }, default)
end

local function blocks(tower, hidden, width)
  local layer = B.tower_layers(tower, "blocks.*.")
  B.norms(layer, { "norm1", "norm2" }, { width = hidden, bias = true, role = "tower_norm" })
  B.tower_linear(layer, "tower_qkv", 3 * hidden, hidden, "kv-heads", "attn.qkv")
  B.tower_linear(layer, "tower_o", hidden, hidden, "rows", "attn.proj")
  B.tower_linear(layer, "tower_up", width, hidden, "columns", "mlp.linear_fc1")
  B.tower_linear(layer, "tower_down", hidden, width, "rows", "mlp.linear_fc2")
end

local function add_tower(m, vision)
  local hidden, width = number(vision, "hidden_size"), number(vision, "intermediate_size")
  local patch, merge = number(vision, "patch_size", 16), number(vision, "spatial_merge_size", 2)
  local pixels = number(vision, "in_channels", 3) * number(vision, "temporal_patch_size", 2) * patch * patch
  local tokens = most_tokens(m.checkpoint, (patch * merge) ^ 2)
  local tower = B.tower(m, "model.visual.", { kind = "vision", layers = number(vision, "depth"), hidden_size = hidden,
    intermediate_size = width, gated = false, heads = number(vision, "num_heads", 16), patch_size = patch,
    merge_size = merge, temporal_patch_size = number(vision, "temporal_patch_size", 2), tokens_per_item = tokens,
    max_tokens_per_item = tokens, output_levels = 1, profile = "qwen3-video" })
  B.tower_linear(tower, "tower_embedding", hidden, pixels, "none", "patch_embed.proj")
  B.matrix(tower, "tower_position", number(vision, "num_position_embeddings", 2304), hidden, "none", { "pos_embed" })
  blocks(tower, hidden, width)
  local merged = hidden * merge * merge
  B.norms(tower, { "merger.norm" }, { width = hidden, bias = true, role = "tower_norm" })
  B.tower_linear(tower, "tower_merger", merged, merged, "columns", "merger.linear_fc1")
  B.tower_linear(tower, "projector", number(vision, "out_hidden_size", m.hidden), merged, "rows", "merger.linear_fc2")
end

return vw.family {
  id = "qwen3-5", summary = "Qwen3.5 and Qwen3.6, dense and with experts: gated delta nets, vision tower",
  sources = { "vllm/model_executor/models/qwen3_5.py", "vllm/model_executor/models/qwen3_vl.py (vision tower)",
    "huggingface.co Qwen/Qwen3.5-27B config.json" },
  architectures = { "Qwen3_5ForConditionalGeneration", "Qwen3_5MoeForConditionalGeneration", "Qwen3_5ForCausalLM",
    "Qwen3_5MoeForCausalLM" },
  reduce = function(config, checkpoint)
    local nested = config.vision_config ~= nil or config.text_config ~= nil
    local at = nested and "model.language_model." or "model."
    local m = B.begin("qwen3-5", config, checkpoint, { prefix = at })
    local fused = { inputs = { "linear_attn.in_proj_qkv", "linear_attn.in_proj_z" },
      gates = { "linear_attn.in_proj_b", "linear_attn.in_proj_a" } }
    G.layers(m, fused, B.count(m.config, "mtp_num_hidden_layers"))
    if type(config.vision_config) == "table" then add_tower(m, config.vision_config) end
    B.rope(m)
    B.ends(m, { embedding = at .. "embed_tokens", norm = at .. "norm" })
    mixed.settle(m)
    return B.finish(m)
  end,
}
