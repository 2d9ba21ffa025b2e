// The KV cache: bytes of a block, blocks of a request, and what the log prints of both.
// Source: vllm/v1/kv_cache_interface.py, vllm/v1/core/kv_cache_utils.py,
// vllm/model_executor/layers/mamba/mamba_utils.py, vllm/platforms/interface.py (_align_hybrid_block_size).
#pragma once

#include "weights.hpp"

#include <vector>

namespace vllm_memory {

struct KvQuestion {
  const Settings& settings;
  const Release& release;
  const Format& kv_format;
  Layout layout;
  double block_tokens = 16;  // as asked for
  bool prefix_caching = false;
};

// Layers of one kind that share a block table. Blocks of all groups have the same bytes.
struct KvGroup {
  enum class Kind { full, sliding, chunked, state, cross };
  Kind kind = Kind::full;
  double count = 1;  // groups of this kind
  double block_tokens = 16;
  double window_tokens = 0;
  double blocks_per_state = 1;
};

struct KvGeometry {
  std::vector<KvGroup> groups;
  std::vector<double> block_bytes;  // per pipeline stage
  double block_tokens = 16;         // as logged
  double group_count = 1;

  double largest_block_bytes() const;
  // Blocks that a sequence of `tokens` needs while `in_flight` tokens are being computed.
  double blocks_of(double tokens, double in_flight) const;
  // The longest sequence that `blocks` hold, at most `most_tokens`; 0: not one token.
  double longest(double blocks, double in_flight, double most_tokens) const;
  // The same by formula: windows are full (long) or nowhere near; right only where that holds and blocks are alike.
  double longest_if(bool is_long, double blocks, double in_flight) const;
  // Bytes that one more token of a long sequence needs.
  double bytes_per_token() const;
};

KvGeometry kv_geometry(const KvQuestion& question);

// Bytes of one element of the KV cache as it is stored, and what is added per token and head.
struct KvElement {
  double bytes = 2, bytes_per_head = 0;
  bool is_fp8 = false;
};
KvElement kv_element(const Settings& settings, const Release& release, const Format& kv_format);

// Bytes of one sequence's state in one layer of a group.
double state_page_bytes(const Group& group, double tensor, double speculative_tokens);

}  // namespace vllm_memory
