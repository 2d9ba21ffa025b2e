local C = require "_counts"

-- meta-llama/Llama-3.1-8B-Instruct
local llama = {
  architectures = { "LlamaForCausalLM" }, attention_bias = false, mlp_bias = false, hidden_size = 4096,
  intermediate_size = 14336, max_position_embeddings = 131072, num_attention_heads = 32, num_hidden_layers = 32,
  num_key_value_heads = 8, tie_word_embeddings = false, torch_dtype = "bfloat16", vocab_size = 128256,
  rope_scaling = { factor = 8.0, original_max_position_embeddings = 8192, rope_type = "llama3" },
}
local function like(architecture, changes)
  changes.architectures = { architecture }
  return C.with(llama, changes)
end
local function counted(config) return (C.parameters(subject.reduce(config, {}))) end
local function refusal(changes)
  return vw.fails(function() subject.reduce(C.with(llama, changes), {}) end)
end

-- mistralai/Mistral-7B-v0.1 but for its window
local mistral = like("MistralForCausalLM", { vocab_size = 32000, max_position_embeddings = 32768,
  sliding_window = 4096, rope_scaling = false })
-- LGAI-EXAONE/EXAONE-4.0-32B in small
local exaone = like("Exaone4ForCausalLM", { num_hidden_layers = 8, sliding_window = 4096,
  sliding_window_pattern = "LLLG" })

return {
  { "what the config does not say is named", function()
    vw.expect(subject.reduce(llama, {}).warnings, nil)
    vw.expect(subject.reduce(C.with(llama, { torch_dtype = "int7", max_position_embeddings = false }), {}).warnings, {
      "config.json names no context length: 2048 tokens taken, as vLLM does",
      "torch_dtype is 'int7', which is no type that is known: bfloat16 taken" })
  end },
  { "Llama 3.1 8B has 8,030,261,248 parameters in one group of 32 layers", function()
    local form = subject.reduce(llama, {})
    vw.expect((C.parameters(form)), 8030261248)
    vw.expect(C.groups(form), { ["full-dense"] = 32 })
    vw.expect(form.rope, { { rows = 131072, width = 128 } })
    vw.expect({ form.layers, form.attention_heads, form.kv_heads, form.head_dim, form.max_context_tokens, form.family },
      { 32, 32, 8, 128, 131072, "llama" })
  end },
  { "qkv and gate_up are fused as vLLM stores them", function()
    local qkv, gate_up
    for _, matrix in ipairs(C.group(subject.reduce(llama, {}), "full-dense").matrices) do
      if matrix.role == "qkv" then qkv = matrix elseif matrix.role == "gate_up" then gate_up = matrix end
    end
    vw.expect({ qkv.outputs, qkv.inputs, qkv.split }, { 6144, 4096, "kv-heads" })
    vw.expect({ gate_up.outputs, gate_up.inputs, gate_up.split }, { 28672, 4096, "columns" })
    vw.expect(qkv.names[1], "model.layers.*.self_attn.q_proj")
  end },
  { "Qwen2.5 7B has 7,615,616,512 parameters: biases on queries, keys and values", function()
    vw.expect(counted(like("Qwen2ForCausalLM", { hidden_size = 3584, intermediate_size = 18944, num_hidden_layers = 28,
      num_attention_heads = 28, num_key_value_heads = 4, vocab_size = 152064 })), 7615616512)
  end },
  { "Qwen3 0.6B has 596,049,920 parameters: norms of heads, tied embeddings", function()
    vw.expect(counted(like("Qwen3ForCausalLM", { hidden_size = 1024, intermediate_size = 3072, num_hidden_layers = 28,
      num_attention_heads = 16, head_dim = 128, vocab_size = 151936, tie_word_embeddings = true })), 596049920)
  end },
  { "OLMo 2 13B has 13,716,198,400 parameters: norms after each block and over all heads", function()
    vw.expect(counted(like("Olmo2ForCausalLM", { hidden_size = 5120, intermediate_size = 13824, num_hidden_layers = 40,
      num_attention_heads = 40, num_key_value_heads = 40, vocab_size = 100352 })), 13716198400)
  end },
  { "GLM-4 9B in its first format has 9,399,951,360 parameters and rotates half of each head", function()
    local form = subject.reduce({ architectures = { "ChatGLMModel" }, add_bias_linear = false, add_qkv_bias = true,
      ffn_hidden_size = 13696, hidden_size = 4096, kv_channels = 128, multi_query_attention = true,
      multi_query_group_num = 2, num_attention_heads = 32, num_layers = 40, padded_vocab_size = 151552,
      seq_length = 8192, tie_word_embeddings = false }, {})
    vw.expect((C.parameters(form)), 9399951360)
    vw.expect({ form.kv_heads, form.max_context_tokens, form.rope[1].width }, { 2, 8192, 64 })
  end },
  { "MiMo 7B counts its predicting layer apart", function()
    local form = subject.reduce(like("MiMoForCausalLM", { attention_bias = true, hidden_size = 4096, head_dim = 128,
      intermediate_size = 11008, num_hidden_layers = 36, vocab_size = 151680, num_nextn_predict_layers = 1 }), {})
    vw.expect({ C.parameters(form) }, { 7622619136, 210790400, 0 })  -- together the checkpoint's 7,833,409,536
  end },
  { "every layer of Mistral slides, unless the window is as long as the context", function()
    vw.expect(C.group(subject.reduce(mistral, {}), "sliding-dense").attention.window_tokens, 4096)
    vw.expect(C.groups(subject.reduce(C.with(mistral, { sliding_window = 32768 }), {})), { ["full-dense"] = 32 })
  end },
  { "Exaone 4 reads letters: three local layers, one global, the last always global", function()
    vw.expect(C.groups(subject.reduce(exaone, {})), { ["sliding-dense"] = 6, ["full-dense"] = 2 })
    vw.expect(C.group(subject.reduce(exaone, {}), "full-dense").layers, { 3, 7 })
  end },
  { "Qwen2 slides from max_window_layers on, and only when asked to", function()
    local qwen = like("Qwen2ForCausalLM", { sliding_window = 4096, max_window_layers = 28, use_sliding_window = true })
    vw.expect(C.groups(subject.reduce(qwen, {})), { ["full-dense"] = 28, ["sliding-dense"] = 4 })
    qwen = C.with(qwen, { use_sliding_window = false })
    vw.expect(C.groups(subject.reduce(qwen, {})), { ["full-dense"] = 32 })
  end },
  { "linear and YaRN scaling lengthen the context and the rotary table, llama3 does not", function()
    local linear = subject.reduce(C.with(llama, { max_position_embeddings = 16384,
      rope_scaling = { factor = 4.0, type = "linear" } }), {})
    vw.expect({ linear.max_context_tokens, linear.rope[1].rows }, { 65536, 65536 })
    local yarn = subject.reduce(C.with(llama, { max_position_embeddings = 65536,
      rope_scaling = { factor = 8.0, rope_type = "yarn", original_max_position_embeddings = 8192 } }), {})
    vw.expect({ yarn.max_context_tokens, yarn.rope[1].rows }, { 65536, 65536 })
  end },
  { "Command R's model_max_length wins over its positions", function()
    vw.expect(subject.reduce(like("CohereForCausalLM", { max_position_embeddings = 8192, model_max_length = 131072,
      rope_scaling = false }), {}).max_context_tokens, 131072)
  end },
  { "a format touches the linears and nothing else", function()
    local form = subject.reduce(llama, { format = "fp8", ignore = { "lm_head" } })
    vw.expect(C.stored(C.group(form, "full-dense").matrices),
      { norm = "bf16", qkv = "fp8", o = "fp8", gate_up = "fp8", down = "fp8" })
    vw.expect(C.stored(form.matrices), { embedding = "bf16", norm = "bf16", head = "bf16" })
  end },
  { "layers named by the ignore list become a group of their own", function()
    local form = subject.reduce(llama, { format = "fbgemm-fp8", ignore = { "model.layers.0.mlp.down_proj",
      "re:.*layers\\.31\\..*(q|k)_proj$", "model.layers.5.*" } })
    vw.expect(C.groups(form), { ["full-dense"] = 1, ["full-dense-2"] = 29, ["full-dense-3"] = 1, ["full-dense-4"] = 1 })
    vw.expect(C.stored(form.groups[1].matrices).down, "bf16")
    vw.expect(C.stored(form.groups[3].matrices).qkv, "bf16")
    vw.expect(form.groups[3].layers, { 5 })
    vw.expect(C.stored(form.groups[4].matrices).gate_up, "fbgemm-fp8")
  end },
  { "GGUF and gptq with lm_head quantize the head too", function()
    vw.expect(C.stored(subject.reduce(llama, { format = "gguf" }).matrices),
      { embedding = "gguf", norm = "bf16", head = "gguf" })
    local gptq = { format = "gptq", quantization_config = { quant_method = "gptq", lm_head = true, group_size = 128 } }
    local form = subject.reduce(llama, gptq)
    vw.expect(C.stored(form.matrices), { embedding = "bf16", norm = "bf16", head = "gptq" })
    vw.expect(form.quantization, { method = "gptq", format = "gptq", group_size = 128 })
  end },
  { "a list of modules with formats of their own decides one by one", function()
    local form = subject.reduce(C.with(llama, { num_hidden_layers = 1 }), { format = "modelopt-mixed",
      hf_quant_config = { quantization = { kv_cache_quant_algo = "FP8", quantized_layers = {
        ["model.layers.0.mlp.down_proj"] = { quant_algo = "NVFP4" },
        ["model.layers.*.self_attn.o_proj"] = { quant_algo = "FP8" } } } } })
    local stored = C.stored(form.groups[1].matrices)
    vw.expect({ stored.down, stored.o, stored.qkv, stored.gate_up }, { "nvfp4", "fp8", "bf16", "bf16" })
    vw.expect(form.quantization.kv_cache_format, "fp8")
  end },
  { "a float32 checkpoint is stored in 16 bit unless float32 is asked for", function()
    local float = C.with(llama, { torch_dtype = "float32" })
    vw.expect(subject.reduce(float, {}).model_dtype, "fp32")
    vw.expect(subject.reduce(float, {}).matrices[1].stored_as, "bf16")
    vw.expect(subject.reduce(float, { dtype_override = "fp32" }).matrices[1].stored_as, "fp32")
  end },
  { "absent, zero, negative, huge and non-numeric dimensions are refused by name", function()
    vw.expect(refusal { num_hidden_layers = false },
      "config has no number of layers (looked for num_hidden_layers, n_layer, num_layers)")
    vw.expect(refusal { hidden_size = false }, "config has no hidden size (looked for hidden_size, n_embd, d_model)")
    vw.expect(refusal { num_attention_heads = 0 },
      "num_attention_heads is 0, expected a whole number from 1 to 100000")
    vw.expect(refusal { num_hidden_layers = 10 ^ 18 },
      "num_hidden_layers is 1e+18, expected a whole number from 1 to 1000")
    vw.expect(refusal { vocab_size = -1 }, "vocab_size is -1, expected a whole number from 1 to 100000000")
    vw.expect(refusal { intermediate_size = "wide" },
      "intermediate_size is 'wide', expected a whole number from 1 to 10000000")
    vw.expect(refusal { num_key_value_heads = 3 }, "3 key-value heads, expected a divisor of the 32 attention heads")
    vw.expect(refusal { tie_word_embeddings = "no" }, "tie_word_embeddings is 'no', expected true or false")
  end },
}
