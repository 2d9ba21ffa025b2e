-- OPT: learned positions with two extra rows, and embeddings that may be narrower than the layers.
local B = require("_blocks")

local OFFSET = 2  -- transformers, models/opt/modeling_opt.py: OPTLearnedPositionalEmbedding

local function add_layers(m, bias, norm_bias)
  B.layers(m, function(layer)
    B.norms(layer, { "self_attn_layer_norm", "final_layer_norm" }, { bias = norm_bias })
    B.attention(layer, { bias = bias, o_bias = bias, o = { "self_attn.out_proj" } })
    B.dense(layer, { gated = false, bias = bias, up = { "fc1" }, down = { "fc2" } })
  end)
end

local function add_ends(m, width, norm_bias)
  local at = "model.decoder."
  B.matrix(m, "position_embedding", m.max_context + OFFSET, m.hidden, "none", { at .. "embed_positions" })
  B.matrix(m, "embedding", m.vocab, width, "vocabulary", { at .. "embed_tokens" })
  if not m.tied then B.matrix(m, "head", m.vocab, width, "vocabulary", { "lm_head" }) end
  if width ~= m.hidden then
    B.matrix(m, "projector", m.hidden, width, "none", { at .. "project_in" })
    B.matrix(m, "projector", width, m.hidden, "none", { at .. "project_out" })
  end
  if m.config.do_layer_norm_before ~= false and not m.config._remove_final_layer_norm then
    B.norms(m, { at .. "final_layer_norm" }, { bias = norm_bias })
  end
  m.ended = true
end

local function reduce(config, checkpoint)
  local m = B.begin("opt", config, checkpoint, { tied = true, layer_prefix = "model.decoder.layers.*." })
  local width = B.dimension(m.config, { what = "embedding width", "word_embed_proj_dim", most = 1000000 }, m.hidden)
  local affine = m.config.layer_norm_elementwise_affine ~= false
  add_layers(m, m.config.enable_bias ~= false, affine)
  add_ends(m, width, affine)
  return B.finish(m)
end

return vw.family {
  id = "opt",
  summary = "OPT: learned positions, biases everywhere, tied embeddings",
  sources = { "vllm/model_executor/models/opt.py", "transformers, models/opt/modeling_opt.py",
    "https://huggingface.co/facebook/opt-1.3b/blob/main/config.json" },
  architectures = { "OPTForCausalLM" },
  reduce = reduce,
}
