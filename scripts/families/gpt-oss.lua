-- gpt-oss: alternating sliding windows, attention sinks, biases on every projection and expert.
local B = require("_blocks")

local function every_other(index) return index % 2 == 0 and "sliding" or "full" end

local function add_sinks(layer)
  B.matrix(layer, "sinks", layer.model.heads, 1, "columns", { "self_attn.sinks" })
end

local function reduce(config, checkpoint)
  local text = B.text(config)
  local m = B.begin("gpt-oss", config, checkpoint)
  local windows, bias = B.windows(m, every_other), text.attention_bias ~= false
  B.layers(m, function(layer, index)
    B.norms(layer, { "input_layernorm", "post_attention_layernorm" })
    local kind, window = windows(index)
    B.attention(layer, { kind = kind, window = window, bias = bias, o_bias = bias })
    add_sinks(layer)
    B.moe(layer, { experts = B.dimension(text, "experts"), per_token = B.dimension(text, "experts_per_token"),
      intermediate = B.intermediate(m), bias = true, router = "mlp.router", router_bias = "model",
      experts_name = "mlp.experts.", gate_up = { "gate_up_proj" }, down = { "down_proj" } })
  end)
  B.rope(m)
  return B.finish(m)
end

return vw.family {
  id = "gpt-oss",
  summary = "gpt-oss: mixture of experts with alternating sliding windows and attention sinks",
  sources = { "vllm/model_executor/models/gpt_oss.py", "transformers, models/gpt_oss/modeling_gpt_oss.py",
    "https://huggingface.co/openai/gpt-oss-20b/blob/main/config.json" },
  architectures = { "GptOssForCausalLM" },
  reduce = reduce,
}
