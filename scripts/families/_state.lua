-- Layers that carry a state instead of a key-value cache: Mamba 1 and 2, gated delta net, Kimi delta attention.
-- Shapes of weights: vllm/model_executor/layers/mamba/ and vllm/model_executor/models; of states: mamba_utils.py there.
local B = require("_blocks")
local S = {}

local function dimension(config, key, default)
  return B.dimension(config, { what = key:gsub("_", " "), key, most = 10000000 }, default)
end
S.dimension = dimension

local DTYPES = { float32 = "fp32", bfloat16 = "bf16", float16 = "fp16" }

-- What the state is kept in: the convolution in the model's dtype, the recurrence as the config declares
-- (mamba_ssm_cache_dtype, mamba_ssm_dtype) or like the convolution.
local function dtypes(m)
  local declared = m.config.mamba_ssm_cache_dtype or m.config.mamba_ssm_dtype
  return m.storage.dtype, DTYPES[declared] or m.storage.dtype
end

-- Mamba 1: spec = { at (module name), inner, state_dim, rank (of the time step), kernel, bias, conv_bias,
-- inner_norms = true where the step, B and C are normed (Jamba) }
function S.mamba1(layer, spec)
  local m, at, inner = layer.model, spec.at, spec.inner
  local mixed = spec.rank + 2 * spec.state_dim
  B.matrix(layer, "state_in", 2 * inner, m.hidden, "columns", { at .. ".in_proj" })
  B.matrix(layer, "state_conv", inner, spec.kernel, "columns", { at .. ".conv1d" })
  if spec.conv_bias then B.matrix(layer, "state_conv_bias", inner, 1, "columns", { at .. ".conv1d" }) end
  B.matrix(layer, "state_x", mixed, inner, "rows", { at .. ".x_proj" })
  B.matrix(layer, "state_dt", inner, spec.rank, "columns", { at .. ".dt_proj" })
  B.matrix(layer, "state_dt_bias", inner, 1, "columns", { at .. ".dt_proj" })
  B.matrix(layer, "state_a", inner, spec.state_dim, "columns", { at .. ".A_log" }, { stored_as = "fp32" })
  B.matrix(layer, "state_d", inner, 1, "columns", { at .. ".D" }, { stored_as = "fp32" })
  if spec.inner_norms then
    B.norms(layer, { at .. ".dt_layernorm" }, { width = spec.rank })
    B.norms(layer, { at .. ".b_layernorm", at .. ".c_layernorm" }, { width = spec.state_dim })
  end
  B.matrix(layer, "state_out", m.hidden, inner, "rows", { at .. ".out_proj" })
  if spec.bias then
    B.matrix(layer, "state_in_bias", 2 * inner, 1, "columns", { at .. ".in_proj" })
    B.matrix(layer, "state_out_bias", m.hidden, 1, "none", { at .. ".out_proj" })
  end
  local conv, state = dtypes(m)
  layer.state = { kind = "mamba1", inner = inner, heads = 1, head_dim = inner, state_dim = spec.state_dim, groups = 1,
    kernel = spec.kernel, conv_dtype = conv, state_dtype = state }
end

-- Mamba 2: spec = { at, heads, head_dim, state_dim, groups, kernel, bias, conv_bias, gated_norm (true), chunk }
function S.mamba2(layer, spec)
  local m, at = layer.model, spec.at
  local inner = spec.heads * spec.head_dim
  local convolved = inner + 2 * spec.groups * spec.state_dim
  local rows = inner + convolved + spec.heads
  B.matrix(layer, "state_in", rows, m.hidden, "columns", { at .. ".in_proj" })
  B.matrix(layer, "state_conv", convolved, spec.kernel, "columns", { at .. ".conv1d" })
  if spec.conv_bias then B.matrix(layer, "state_conv_bias", convolved, 1, "columns", { at .. ".conv1d" }) end
  for _, name in ipairs { "A_log", "D", "dt_bias" } do
    local role = name == "dt_bias" and "state_dt_bias" or "state_" .. name:sub(1, 1):lower()
    local stored_as = name ~= "dt_bias" and "fp32" or nil
    B.matrix(layer, role, spec.heads, 1, "columns", { at .. "." .. name }, { stored_as = stored_as })
  end
  if spec.gated_norm ~= false then
    B.norms(layer, { at .. ".norm" }, { width = inner, role = "state_norm", split = "columns" })
  end
  B.matrix(layer, "state_out", m.hidden, inner, "rows", { at .. ".out_proj" })
  if spec.bias then
    B.matrix(layer, "state_in_bias", rows, 1, "columns", { at .. ".in_proj" })
    B.matrix(layer, "state_out_bias", m.hidden, 1, "none", { at .. ".out_proj" })
  end
  local conv, state = dtypes(m)
  layer.state = { kind = "mamba2", inner = inner, heads = spec.heads, head_dim = spec.head_dim,
    state_dim = spec.state_dim, groups = spec.groups, kernel = spec.kernel, conv_dtype = conv, state_dtype = state,
    chunk = spec.chunk }
end

-- Gated delta net of Qwen: sizes under the linear_* keys. in_names: the projections that vLLM fuses into one.
function S.gated_delta(layer, in_names, gate_names)
  local m, config = layer.model, layer.model.config
  local key_heads, key_dim = dimension(config, "linear_num_key_heads"), dimension(config, "linear_key_head_dim")
  local value_heads, value_dim = dimension(config, "linear_num_value_heads"), dimension(config, "linear_value_head_dim")
  local kernel = dimension(config, "linear_conv_kernel_dim")
  local keys, values = key_heads * key_dim, value_heads * value_dim
  B.matrix(layer, "state_in", 2 * keys + 2 * values, m.hidden, "columns", in_names)
  B.matrix(layer, "state_gates", 2 * value_heads, m.hidden, "columns", gate_names)
  B.matrix(layer, "state_conv", 2 * keys + values, kernel, "columns", { "linear_attn.conv1d" })
  B.matrix(layer, "state_a", value_heads, 1, "columns", { "linear_attn.A_log" }, { stored_as = "fp32" })
  B.matrix(layer, "state_dt_bias", value_heads, 1, "columns", { "linear_attn.dt_bias" })
  B.norms(layer, { "linear_attn.norm" }, { width = value_dim, role = "state_norm" })
  B.matrix(layer, "state_out", m.hidden, values, "rows", { "linear_attn.out_proj" })
  local conv, state = dtypes(m)
  layer.state = { kind = "gated-delta", inner = values, heads = value_heads, head_dim = value_dim, state_dim = key_dim,
    groups = key_heads, kernel = kernel, conv_dtype = conv, state_dtype = state, key_heads = key_heads,
    key_dim = key_dim, value_heads = value_heads, value_dim = value_dim }
end

-- Kimi delta attention: spec = { heads, head_dim, kernel }. Its recurrence is always kept in 32 bit.
function S.kda(layer, spec)
  local m, width, dim = layer.model, spec.heads * spec.head_dim, spec.head_dim
  B.matrix(layer, "state_in", 3 * width, m.hidden, "columns",
    { "self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj" })
  B.matrix(layer, "state_conv", width, spec.kernel, "columns",
    { "self_attn.q_conv1d", "self_attn.k_conv1d", "self_attn.v_conv1d" }, { copies = 3 })
  for _, gate in ipairs { "f", "g" } do
    B.matrix(layer, "state_gate_a", dim, m.hidden, "none", { "self_attn." .. gate .. "_a_proj" })
    B.matrix(layer, "state_gate_b", width, dim, "columns", { "self_attn." .. gate .. "_b_proj" })
  end
  B.matrix(layer, "state_beta", spec.heads, m.hidden, "columns", { "self_attn.b_proj" })
  B.matrix(layer, "state_a", spec.heads, 1, "columns", { "self_attn.A_log" }, { stored_as = "fp32" })
  B.matrix(layer, "state_dt_bias", width, 1, "columns", { "self_attn.dt_bias" }, { stored_as = "fp32" })
  B.norms(layer, { "self_attn.o_norm" }, { width = dim, role = "state_norm" })
  B.matrix(layer, "state_out", m.hidden, width, "rows", { "self_attn.o_proj" })
  layer.state = { kind = "kda", inner = width, heads = spec.heads, head_dim = dim, state_dim = dim,
    groups = spec.heads, kernel = spec.kernel, conv_dtype = m.storage.dtype, state_dtype = "fp32",
    key_heads = spec.heads, key_dim = dim, value_heads = spec.heads, value_dim = dim }
end

return S
