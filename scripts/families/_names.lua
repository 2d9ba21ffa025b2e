-- What checkpoints call the modules that vLLM loads: one table for all families, used by _tensors.lua. Names stand
-- without their numbers ("model.layers.*.mlp.up_proj"), patterns are Lua's. A new spelling is one line here.
-- Sources: vllm/model_executor/models/*.py (packed_modules_mapping, stacked_params_mapping, hf_to_vllm_mapper and
-- load_weights of llama.py, qwen2_vl.py, gpt_oss.py, deepseek_v2.py, qwen3_next.py), quantization/*.py (parameters).
local N = {}

-- Names that stand for the same module: both the family's name and the checkpoint's are rewritten, in this order.
N.same = {
  { "^model%.language_model%.model%.", "" }, { "^model%.language_model%.", "" }, { "^language_model%.model%.", "" },
  { "^language_model%.", "" }, { "^model%.text_model%.", "" }, { "^model%.", "" },
  { "^thinker%.model%.", "" }, { "^thinker%.", "" }, { "^transformer%.", "" },
  { "^.*%.multi_modal_projector", "multi_modal_projector" }, { "^.*%.embed_vision", "embed_vision" },
  { "^vision_tower%.vision_model%.", "vision_tower." }, { "%.moe_statics$", ".gate" },
  { "block_sparse_moe$", "block_sparse_moe.gate" },  -- MiniMax-M2 keeps its correction bias one level up
}

-- What vLLM stacks into one parameter: asked when the family's own name is not in the checkpoint.
N.stacked = {
  { "^layers%.%*%.attention%.w[qkv]$", "layers.*.self_attn.qkv_proj" },  -- Mistral's own files (llama.py)
  { "^layers%.%*%.attention%.wo$", "layers.*.self_attn.o_proj" },
  { "^layers%.%*%.feed_forward%.w2$", "layers.*.mlp.down_proj" },
  { "^layers%.%*%.feed_forward%.w[13]$", "layers.*.mlp.gate_up_proj" },
  { "^layers%.%*%.attention_norm$", "layers.*.input_layernorm" },
  { "^layers%.%*%.ffn_norm$", "layers.*.post_attention_layernorm" },
  { "^tok_embeddings$", "embed_tokens" }, { "^output$", "lm_head" },
  { "%.[qkv]_proj$", ".qkv_proj" }, { "%.[qkv]$", ".qkv" }, { "%.to_[qkv]$", ".qkv" },
  { "%.gate_proj$", ".gate_up_proj" }, { "%.up_proj$", ".gate_up_proj" },
  { "experts%.%*%.", "experts." },  -- experts of a layer as one tensor
  { "experts%.w[13v]$", "experts.gate_up_proj" }, { "experts%.w13$", "experts.gate_up_proj" },
  { "experts%.w2$", "experts.down_proj" },
  { "%.in_proj_qkvz$", ".in_proj_qkv" }, { "%.in_proj_z$", ".in_proj_qkv" },
  { "%.in_proj_ba$", ".in_proj_b" }, { "%.in_proj_a$", ".in_proj_b" },
}

-- What stands behind the module's name: tensor of the module, and what it is called here. Longest first where one ends
-- like another.
N.tensors = {
  { ".e_score_correction_bias", "bias" }, { ".weight_scale_inv", "weight_scale_inv" },
  { ".weight_global_scale", "global" }, { ".weight_zero_point", "weight_zero_point" },
  { ".input_global_scale", "global" }, { ".weight_scale_2", "global" }, { ".weight_packed", "weight_packed" },
  { ".weight_shape", "extra" }, { ".weight_g_idx", "g_idx" }, { ".weight_scale", "weight_scale" },
  { ".input_scale", "global" }, { ".input_zero_point", "extra" }, { ".activation_scale", "global" },
  { ".weight.absmax", "absmax" }, { ".weight.nested_absmax", "extra" }, { ".weight.quant_map", "extra" },
  { ".weight.nested_quant_map", "extra" }, { ".weight.quant_state.bitsandbytes__nf4", "extra" },
  { ".weight.quant_state.bitsandbytes__fp4", "extra" }, { ".weight_format", "extra" },
  { ".output_scale", "extra" }, { ".pre_quant_scale", "extra" },
  { ".SCB", "SCB" }, { ".qweight", "qweight" }, { ".qzeros", "qzeros" }, { ".scales", "scales" },
  { ".g_idx", "g_idx" }, { ".weight", "weight" }, { ".bias", "bias" },
  -- stacked experts have no name of their own for the weight
  { "_weight_scale_inv", "weight_scale_inv" }, { "_weight_scale_2", "global" }, { "_weight_scale", "weight_scale" },
  { "_input_scale", "global" }, { "_scale_inv", "weight_scale_inv" }, { "_blocks", "blocks" },
  { "_scales", "blocks_scales" }, { "_bias", "bias" },
}

-- Tensors that vLLM does not load, or that leave nothing behind.
N.not_loaded = {
  "rotary_emb%.", "rotary_pos_emb%.", "%.inv_freq$",         -- tables are computed (llama.py, load_weights)
  "%.attn%.masked_bias$", "%.attn%.bias$", "%.attention%.bias$", "%.attention%.masked_bias$",  -- masks (gpt2.py)
  "[kvq]_scale$", "kv_scale$", "%.output_scale$", "_bmm_quantizer",  -- scales of the KV cache: one number each
  "%.bias$",  -- GPTQ files have biases, all zero, for modules without (llama.py: "Skip loading extra bias")
  "position_ids$", "num_batches_tracked$",
  "layers%.%*%.embed_tokens%.", "shared_head%.head%.",  -- a predicting layer's copies of the model's (deepseek_mtp.py)
}

-- Where layers that predict further tokens lie, beside those numbered after the last layer.
N.predicting = { "^mtp%.", "^model%.mtp", "%.mtp%.", "%.mtp_", "^mtp_", "nextn" }

-- What belongs to an image or sound tower: left out with --language-model-only.
N.towers = { "vision", "visual", "audio", "image", "multi_modal", "mm_projector", "^mlp1%.", "patch_" }

return N
