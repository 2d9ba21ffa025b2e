// Operations of one GPU, prepared for a layout: what does not depend on the batch is in the fields, times follow from
// the tokens. All in seconds. The formulas stand in README.md.
#pragma once

#include "efficiency.hpp"

#include <span>
#include <string>

namespace roofline {

// What a step is made of.
enum class Part {
  projections,
  elementwise,
  all_reduce,
  dense_mlp,
  experts,
  router,
  shared_experts,
  gather_scatter,
  attention_decode,
  attention_prefill,
  state,
  head,
  host_weights,
};
inline constexpr int part_count = 13;
const char* name_of(Part part);

// Why a time is what it is.
struct Causes {
  double weights_s = 0, kv_s = 0, compute_s = 0, link_s = 0, overhead_s = 0;

  double sum() const { return weights_s + kv_s + compute_s + link_s + overhead_s; }
};

// The same work at the peaks of the datasheet, reading and computing at the same time: nothing is faster.
struct Floor {
  double weights_s = 0, kv_s = 0, compute_s = 0;

  double seconds() const { return weights_s + kv_s > compute_s ? weights_s + kv_s : compute_s; }
};

// A matrix product of `tokens` rows.
struct Gemm {
  Part part = Part::projections;
  std::string role;
  double outputs = 0, inputs = 0, weight_bytes = 2;
  double count = 0;  // in all layers of the target; a share of one where its time overlaps with others
  double launch_s = 0, read_s = 0, compute_token_s = 0, blend = 1, activation_token_s = 0;
  double floor_weights_s = 0, floor_compute_token_s = 0;
  double add(double tokens, Causes& causes) const;
};

// Small kernels: so many launches, so many bytes moved for a token.
struct Elementwise {
  double launch_s = 0, token_s = 0;
};

struct Collective {
  double launch_s = 0, bytes_per_s = 1, sqrt_byte_s = 0;
  double seconds(double bytes) const;
};

// Messages of one size that a step sends.
struct Exchange {
  Collective collective;
  double count = 0, token_bytes = 0;
};

// Routed experts of `count` layers.
struct Experts {
  double count = 0, experts = 0, per_token = 0, ranks = 1;
  double data_parallel = 1;  // tokens of all data-parallel ranks pass them together
  double launch_s = 0, read_expert_s = 0, compute_row_s = 0, pad_rows = 0, imbalance = 0;
  double token_s = 0, row_s = 0;  // traffic of activations
  double floor_expert_s = 0, floor_compute_row_s = 0;

  double active(double tokens) const;  // experts that are touched
  double rows(double tokens) const;    // of the fullest rank
  double add(double tokens, Causes& causes) const;
};

// A piece of a prompt, after so many tokens of it.
struct Chunk {
  double tokens = 0, before_tokens = 0;
};

// Attention of layers whose cache holds keys and values by head.
struct HeadAttention {
  double count = 0, window_tokens = 0;  // 0: full
  bool is_chunked = false;              // the window starts anew every window_tokens
  // decode
  double launch_s = 0, cache_token_s = 0, floor_cache_token_s = 0, sequence_s = 0, sqrt_context_s = 0;
  // prefill
  double prefill_launch_s = 0, pair_s = 0, half_length_tokens = 0, prompt_token_s = 0;

  double context(double tokens) const;
  double decode(double sequences, double context_tokens, Causes& causes) const;
  double prefill(std::span<const Chunk> chunks) const;
};

// Multi-head latent attention: one compressed row for all heads.
struct LatentAttention {
  double count = 0, above_tokens = 0;
  struct Projections {
    double launch_s = 0, read_s = 0, compute_token_s = 0, activation_token_s = 0;
  };
  Projections decode_projections, prefill_projections;
  double floor_weights_s = 0, floor_cache_token_s = 0;
  double cache_token_s = 0, compute_context_s = 0, sequence_s = 0, sqrt_context_s = 0;  // decode core
  double prefill_launch_s = 0, pair_s = 0;                                              // prefill core

  double projections(double tokens, Causes& causes) const;
  double decode(double sequences, double context_tokens, Causes& causes) const;
  double prefill(std::span<const Chunk> chunks) const;
};

// Recurrent state: read and written for each sequence, computed for each token.
struct StateUpdate {
  double count = 0, launch_s = 0, sequence_s = 0, token_s = 0;
};

// (a^q + b^q)^(1/q): between the larger one and the sum.
double blended(double a, double b, double q);

// Pairs of a query and a key that a chunk of `tokens` after `before` computes; window 0: all before.
double attention_pairs(double tokens, double before, double window_tokens);

}  // namespace roofline
