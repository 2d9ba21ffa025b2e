-- DBRX: a mixture of 16 experts, nested attn_config and ffn_config, LayerNorm without biases.
local B = require("_blocks")

local KEYS = {
  layers = { what = "number of layers", "n_layers", most = 1000 },
  heads = { what = "number of attention heads", "n_heads", most = 100000 },
}
local FFN = {
  experts = { what = "number of experts", "moe_num_experts", most = 100000 },
  per_token = { what = "number of experts per token", "moe_top_k", most = 100000 },
  width = { what = "intermediate size of an expert", "ffn_hidden_size", most = 10000000 },
}

local function reduce(config, checkpoint)
  local attention, ffn = B.object(config, "attn_config"), B.object(config, "ffn_config")
  local kv_heads = B.dimension(attention, { what = "", "kv_n_heads", most = 100000 }, false)
  local m = B.begin("dbrx", config, checkpoint, { keys = KEYS, kv_heads = kv_heads or nil,
    layer_prefix = "transformer.blocks.*." })
  local moe = { experts = B.dimension(ffn, FFN.experts), per_token = B.dimension(ffn, FFN.per_token),
    intermediate = B.dimension(ffn, FFN.width) }
  B.layers(m, function(layer)
    B.norms(layer, { "norm_attn_norm.norm_1", "norm_attn_norm.norm_2" })
    B.attention(layer, { qkv = { "norm_attn_norm.attn.Wqkv" }, o = { "norm_attn_norm.attn.out_proj" } })
    B.moe(layer, { experts = moe.experts, per_token = moe.per_token, intermediate = moe.intermediate,
      router = "ffn.router.layer", experts_name = "ffn.experts.mlp.", gate_up = { "w1", "v1" }, down = { "w2" } })
  end)
  B.rope(m)
  B.ends(m, { embedding = "transformer.wte", norm = "transformer.norm_f" })
  return B.finish(m)
end

return vw.family {
  id = "dbrx",
  summary = "DBRX, a mixture of 16 experts",
  sources = { "vllm/model_executor/models/dbrx.py", "transformers, models/dbrx/modeling_dbrx.py",
    "https://huggingface.co/databricks/dbrx-instruct/blob/main/config.json" },
  architectures = { "DbrxForCausalLM" },
  reduce = reduce,
}
