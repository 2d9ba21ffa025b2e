-- How the V1 engine accounts memory at start-up: what is the same in every release described here. A release file adds
-- what has ever changed. T = max_num_batched_tokens, N = max_num_seqs, V = vocabulary, H = hidden size,
-- I = intermediate size. "fitted" numbers were set from published start-up logs; low and high hold what was seen.
local memory = {}

memory.same = {
  -- Weights: torch rounds requests of 10 MiB and more up to 2 MiB unless more than 1 MiB would be left over, smaller
  -- ones up to 512 bytes (c10/cuda/CUDACachingAllocator). Qwen2-7B: 14.2488 GiB logged, exact.
  allocator_large_bytes = 10485760, allocator_round_bytes = 2097152, allocator_remainder_bytes = 1048576,
  allocator_small_round_bytes = 512,
  vocab_padding = 64,              -- vllm/model_executor/layers/vocab_parallel_embedding.py
  multimodal_rope_rows = 4,        -- rows per position with multimodal RoPE: Qwen3-VL, Qwen3.5 logs
  w4a16_expert_padding = 128,      -- expert width under Marlin: one log, Gemma-4-26B-A4B, v0.25.1

  -- Expert matrices in MXFP4: what hidden and intermediate size are rounded up to, by kernel
  -- (vllm/model_executor/layers/fused_moe/oracle/mxfp4.py). hopper: from load sizes of late 2025, 0.3 % off.
  mxfp4_padding = {
    marlin = { hidden = 256, intermediate = 128 }, trtllm = { hidden = 256, intermediate = 256 },
    cutlass = { hidden = 128, intermediate = 128 }, triton = { hidden = 1, intermediate = 64 },
    hopper = { hidden = 256, intermediate = 64 }, rocm = { hidden = 256, intermediate = 256 },
  },

  -- Sampler of the V1 runner: bytes x N x V, and 2 bytes x T x H of hidden states stay beside it
  -- (vllm/v1/worker/gpu_model_runner.py, _dummy_sampler_run).
  sampler_hidden_bytes = 2,
  -- with adapter slots the V1 runner runs: three starts of Qwen3-8B at v0.22 with one slot show its peaks, 4.37, 4.22
  -- and 3.92 GiB left, and not those of the V2 runner, 4.39, 4.29 and 4.08
  v2_takes_adapters = false,
  rejection_bytes_per_logit = 28,  -- speculative decoding, second pass over 2N rows; counted in the source

  -- Dense forward: 2T(3H + 3I/tp) bytes, + 2TH with tp > 1. Logged at T 20000 and 29000 within 0.1 GiB.
  forward_hidden_factor = 3, forward_intermediate_factor = 3, forward_all_reduce_factor = 1,
  moe_hidden_factor = 3,           -- and 2Mk(max(2Ir,H) + max(Ir,H)) for the experts
  moe_gathers_data_parallel = true, -- M = T x dp: fused_moe/prepare_finalize/naive_dp_ep.py
  latent_window_rows = 65536,      -- MLA stand-in: min(max(8 x length, 4 x N x block), this) rows

  -- Resident while the language model is profiled: pixels and encoder outputs (profile_run).
  encoder_keeps_pixels = true,

  -- Blocks of one request in a state group (vllm/v1/kv_cache_interface.py, MambaSpec), by cache mode.
  state_blocks = { none = 1, align = 2 },

  -- CUDA graph pool: base + layers x (piecewise x sizes + full x sizes) / 1024 GiB; fitted, low and high are factors
  -- and an offset. The V2 runner needs half of it. Hybrids at default N: anything from 0.3 to 4 GiB was logged.
  graph_pool_gib = {
    base = 0.05, per_layer_piecewise = 0.12, per_layer_full = 0.06, v2_factor = 0.5,
    low_factor = 0.3, high_factor = 2.5, high_offset = 0.2, hybrid_low = 0.3, hybrid_high = 4.0,
  },

  -- How far a term may be off, as a share of it: the spread between logs and formulas. Terms are taken for independent.
  -- The spread of a card's total stands in gpu-db/totals.json.
  -- weights: 16 bit; stored as the checkpoint's own list says; as a format is usually made, list unknown (8 bit, 4 bit:
  -- builds of one model differ by up to a fifth); MXFP4 where the kernel is known.
  spread = {
    weights = { plain = 0.001, declared = 0.012, assumed_8_bit = 0.02, assumed_4_bit = 0.09, mxfp4 = 0.005 },
    forward = 0.05, mixture_forward = 0.2, encoder = 0.25,
  },

  -- Calibrated parts of the intervals, fitted: what nine in ten starts of other machines exceed the spreads above by,
  -- each predicted without its own source (`validate --leave-one-out` prints what the start-ups ask for). By what drives
  -- the uncertainty: GiB of KV cache, and a share of the weights.
  margin = {
    kv_cache_gib = {
      dense = 0.07, several = 0.05, mixture = 0.1, vision = 0.1, state = 1.4, amd = 0.1, unified = 0.1,
    },
    weights = { plain = 0.001, declared = 0.016, assumed = 0.0 },
  },

  -- Outside the budget, gone before it starts. Idle H100: 78.57 of 79.18 GiB free, 77.64 at tp 2.
  context_gib = { one_gpu = 0.6, several_gpus = 1.5 },
  log_slack_gib = 0.15,            -- what the summary line of a start keeps back (vllm/v1/worker/gpu_worker.py)

  -- Pipeline: every rank but the first keeps hidden states and residual; the extra of a first rank is from one log.
  pipeline_hidden_copies = 2, pipeline_extra_gib = { best = 0.3, low = 0.0, high = 0.6 },

  -- More ranks than two: buffers of communicators grow with the number of peers; no log tells by how much, guessed.
  -- Symmetric memory (64, 32, 64 MiB at tp 2, 4, 8 of SM 9.0) and custom all-reduce (24 MiB) are in what two show.
  communicator_doubling_gib = { best = 0.0, low = 0.0, high = 0.15 },

  -- FlashInfer all-reduce + norm fusion, made while profiling unless eager (about 4 x tp x its buffer; not confirmed by a
  -- log: low is 0), GiB by tp.
  fused_all_reduce_gib = {
    sm90 = { ["2"] = 0.5, ["4"] = 0.03, ["8"] = 0.02 }, sm100 = { ["2"] = 0.5, ["4"] = 0.5, ["8"] = 0.03 },
    sm103 = { ["2"] = 0.5, ["4"] = 1.0, ["8"] = 0.06 },
  },
}

-- Up to v0.9 all that is used on the card counts, the CUDA context included: three starts of the V0 engine, which
-- accounts the same way (0.35, 0.35, 0.44 GiB logged). Several GPUs: not logged, the communicator below added.
memory.whole_card = {
  measured = "whole card",
  sm90 = { best = 0.4, low = 0.15, high = 1.2 }, other = { best = 0.4, low = 0.15, high = 1.2 },
  sm90_several = { best = 0.8, low = 0.5, high = 1.6 }, other_several = { best = 0.52, low = 0.25, high = 1.4 },
  amd_extra = { best = 0.4, low = 0.3, high = 1.6 }, state_extra = { best = 0.3, low = 0.0, high = 1.2 },
  unified = { best = 2.3, low = 0.7, high = 4.2 },
}

-- Non-torch memory inside the budget, GiB, fitted: one GPU, and several. v0.10 until the snapshot moved (v0.13).
memory.non_torch_with_communicator = {
  measured = "profile run", communicators = "inside",
  sm90 = { best = 0.13, low = 0.03, high = 0.28 }, other = { best = 0.05, low = 0.0, high = 0.20 },
  sm90_several = { best = 0.55, low = 0.45, high = 0.85 }, other_several = { best = 0.17, low = 0.07, high = 0.47 },
  amd_extra = { best = 0.4, low = 0.3, high = 1.6 }, state_extra = { best = 0.3, low = 0.0, high = 1.2 },
  unified = { best = 2.3, low = 0.7, high = 4.2 },
}

-- From v0.13 on the communicators are made before the snapshot: several GPUs add 0.15 only.
memory.non_torch = {
  measured = "profile run", communicators = "outside",
  sm90 = { best = 0.13, low = 0.03, high = 0.28 }, other = { best = 0.05, low = 0.0, high = 0.20 },
  sm90_several = { best = 0.28, low = 0.18, high = 0.43 }, other_several = { best = 0.20, low = 0.15, high = 0.35 },
  amd_extra = { best = 0.4, low = 0.3, high = 1.6 }, state_extra = { best = 0.3, low = 0.0, high = 1.2 },
  unified = { best = 2.3, low = 0.7, high = 4.2 },
}

-- From v0.26 on "consumed minus weights", two rows only: band is half to twice and 0.4.
memory.consumed_extra = {
  measured = "consumed", communicators = "outside",
  sm90 = { best = 0.3, low = 0.15, high = 1.0 }, other = { best = 0.3, low = 0.15, high = 1.0 },
  sm90_several = { best = 0.7, low = 0.35, high = 1.8 }, other_several = { best = 0.7, low = 0.35, high = 1.8 },
  amd_extra = { best = 0.4, low = 0.3, high = 1.6 }, state_extra = { best = 0.2, low = 0.1, high = 0.8 },
  large_experts_extra = { best = 0.8, low = 0.4, high = 2.0, above_params = 80000000000 },
  unified = { best = 2.3, low = 0.7, high = 4.2 },
}

-- `changes` over what is the same.
function memory.with(changes)
  local all = {}
  for key, value in pairs(memory.same) do all[key] = value end
  for key, value in pairs(changes) do all[key] = value end
  return all
end

return memory
