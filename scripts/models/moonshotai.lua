-- What huggingface.co/moonshotai publishes. README.md explains the fields.
local e = require("_entries")
local like, fp8_blocks, from = e.like, e.fp8_blocks, e.from

local kimi_k2 = {
  architectures = { "DeepseekV3ForCausalLM" }, model_type = "kimi_k2", torch_dtype = "bfloat16", hidden_size = 7168,
  num_hidden_layers = 61, num_attention_heads = 64, num_key_value_heads = 64, intermediate_size = 18432,
  vocab_size = 163840, max_position_embeddings = 131072, tie_word_embeddings = false, first_k_dense_replace = 1,
  kv_lora_rank = 512, moe_intermediate_size = 2048, n_routed_experts = 384, n_shared_experts = 1,
  num_experts_per_tok = 8, q_lora_rank = 1536, qk_nope_head_dim = 128, qk_rope_head_dim = 64, v_head_dim = 128,
}

return vw.models {
  organisation = "moonshotai",
  entries = {
    { id = "moonshotai/Kimi-K2-Instruct", params = 1026408232448, license = "other (modified-mit)",
      config = like(kimi_k2, {
        rope_scaling = { factor = 32, original_max_position_embeddings = 4096, type = "yarn" },
        quantization_config = fp8_blocks,
      }),
      source = from.aiconfigurator },
    { id = "moonshotai/Kimi-K2-Instruct-0905", params = 1026408232448, license = "other (modified-mit)",
      config = like(kimi_k2, { max_position_embeddings = 262144, quantization_config = fp8_blocks }),
      derived_from = "moonshotai/Kimi-K2-Instruct", unread = "modules_to_not_convert", source = from.llmfit },
    { id = "moonshotai/Kimi-K2.5", params = 1026408232448, params_basis = "sibling", license = "other (modified-mit)",
      config = {
        architectures = { "KimiK25ForConditionalGeneration" }, model_type = "kimi_k25", dtype = "bfloat16",
        tie_word_embeddings = false,
        text_config = {
          model_type = "kimi_k2", hidden_size = 7168, num_hidden_layers = 61, num_attention_heads = 64,
          num_key_value_heads = 64, intermediate_size = 18432, vocab_size = 163840, max_position_embeddings = 262144,
          tie_word_embeddings = false, first_k_dense_replace = 1, kv_lora_rank = 512, moe_intermediate_size = 2048,
          n_routed_experts = 384, n_shared_experts = 1, num_experts_per_tok = 8, q_lora_rank = 1536,
          qk_nope_head_dim = 128, qk_rope_head_dim = 64, v_head_dim = 128,
          rope_scaling = { factor = 64, original_max_position_embeddings = 4096, type = "yarn" },
          quantization_config = {
            config_groups = {
              group_0 = {
                targets = { "Linear" },
                weights = { group_size = 32, num_bits = 4, strategy = "group", symmetric = true, type = "int" },
              },
            },
            format = "pack-quantized",
            ignore = {
              "lm_head", "re:.*self_attn.*", "re:.*shared_experts.*", "re:.*mlp\\.(gate|up|gate_up|down)_proj.*",
            },
            quant_method = "compressed-tensors",
          },
        },
        vision_config = {
          init_pos_emb_height = 64, init_pos_emb_time = 4, init_pos_emb_width = 64, merge_kernel_size = { 2, 2 },
          merge_type = "sd2_tpool", mm_hidden_size = 1152, mm_projector_type = "patchmerger", patch_size = 14,
          pos_emb_type = "divided_fixed", projector_hidden_act = "gelu", text_hidden_size = 7168,
          video_attn_type = "spatial_temporal", vt_hidden_size = 1152, vt_intermediate_size = 4304,
          vt_num_attention_heads = 16, vt_num_hidden_layers = 27,
        },
      },
      note = "params leaves out the vision tower", source = from.aiconfigurator },
    { id = "moonshotai/Kimi-K3",
      config = {
        architectures = { "KimiK3ForConditionalGeneration" }, model_type = "kimi_k3", dtype = "bfloat16",
        tie_word_embeddings = false,
        text_config = {
          model_type = "kimi_linear", hidden_size = 7168, num_hidden_layers = 93, num_attention_heads = 96,
          num_key_value_heads = 96, intermediate_size = 33792, vocab_size = 163840, max_position_embeddings = 1048576,
          tie_word_embeddings = false, first_k_dense_replace = 1, kv_lora_rank = 512, latent_moe_use_norm = true,
          linear_attn_config = {
            head_dim = 128,
            full_attn_layers = {
              4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 68, 72, 76, 80, 84, 88, 92, 93,
            },
            kda_layers = {
              1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30, 31, 33, 34, 35, 37,
              38, 39, 41, 42, 43, 45, 46, 47, 49, 50, 51, 53, 54, 55, 57, 58, 59, 61, 62, 63, 65, 66, 67, 69, 70, 71,
              73, 74, 75, 77, 78, 79, 81, 82, 83, 85, 86, 87, 89, 90, 91,
            },
            num_heads = 96, short_conv_kernel_size = 4, use_full_rank_gate = true,
          },
          mla_use_nope = true, mla_use_output_gate = true, moe_intermediate_size = 3072, num_experts = 896,
          num_experts_per_token = 16, num_shared_experts = 2, q_lora_rank = 1536, qk_nope_head_dim = 128,
          qk_rope_head_dim = 64, routed_expert_hidden_size = 3584, v_head_dim = 128,
          quantization_config = {
            config_groups = {
              group_0 = {
                format = "mxfp4-pack-quantized", targets = { "Linear" },
                weights = {
                  group_size = 32, num_bits = 4, scale_dtype = "torch.uint8", strategy = "group", symmetric = true,
                  type = "float",
                },
              },
            },
            format = "mxfp4-pack-quantized",
            ignore = {
              "re:.*self_attn.*", "re:.*shared_experts.*", "re:.*mlp\\.(gate|up|gate_up|down)_proj.*",
              "re:.*lm_head.*", "re:.*vision_tower.*", "re:.*mm_projector.*",
            },
            quant_method = "compressed-tensors",
          },
        },
        vision_config = {
          activation_func = "gelu_pytorch_tanh", attn_bias = false, init_pos_emb_height = 64, init_pos_emb_time = 4,
          init_pos_emb_width = 64, linear_bias = false, merge_kernel_size = { 2, 2 }, merge_type = "sd2_tpool",
          mlp_type = "mlp2", mm_hidden_size = 1024, mm_projector_type = "patchmergerv2", norm_type = "rmsnorm",
          patch_embed_proj_bias = false, patch_size = 14, pos_emb_interpolation_mode = "bilinear",
          pos_emb_type = "divided_fixed", projector_hidden_act = "gelu", qkv_hidden_size = 1536,
          text_hidden_size = 7168, vt_hidden_size = 1024, vt_intermediate_size = 4096, vt_num_attention_heads = 12,
          vt_num_hidden_layers = 27,
        },
      },
      note = "the layers of this architecture are not described yet, so its size is not counted",
      source = from.aiconfigurator },
    { id = "moonshotai/Kimi-Linear-48B-A3B-Instruct", params = 49122681728, license = "mit",
      config = {
        architectures = { "KimiLinearForCausalLM" }, model_type = "kimi_linear", hidden_size = 2304,
        num_hidden_layers = 27, num_attention_heads = 32, num_key_value_heads = 32, head_dim = 72,
        intermediate_size = 9216, vocab_size = 163840, tie_word_embeddings = false, first_k_dense_replace = 1,
        kv_lora_rank = 512,
        linear_attn_config = {
          head_dim = 128, full_attn_layers = { 4, 8, 12, 16, 20, 24, 27 },
          kda_layers = { 1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26 }, num_heads = 32,
          short_conv_kernel_size = 4,
        },
        mla_use_nope = true, model_max_length = 1048576, moe_intermediate_size = 1024, num_experts = 256,
        num_experts_per_token = 8, num_shared_experts = 1, qk_nope_head_dim = 128, qk_rope_head_dim = 64,
        v_head_dim = 128,
      },
      source = from.hub("tiny-random/kimi-linear") },
  },
}
