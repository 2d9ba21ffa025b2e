#include "operations.hpp"

#include <algorithm>
#include <cmath>

namespace roofline {

const char* name_of(Part part) {
  static constexpr const char* names[part_count] = {
      "attention_projections", "elementwise",       "all_reduce",     "dense_mlp",
      "moe_experts",           "moe_router",        "shared_experts", "expert_gather_scatter",
      "attention_decode",      "attention_prefill", "state",          "lm_head_and_sampling",
      "weights_from_host"};
  return names[static_cast<int>(part)];
}

double blended(double a, double b, double q) {
  const double larger = std::max(a, b), smaller = std::min(a, b);
  if (smaller <= 0) return larger;
  if (q == 1) return a + b;
  return larger * std::pow(1 + std::pow(smaller / larger, q), 1 / q);
}

double attention_pairs(double tokens, double before, double window_tokens) {
  if (window_tokens <= 0) return tokens * before + tokens * (tokens + 1) / 2;
  if (before >= window_tokens) return tokens * window_tokens;
  const double growing = std::min(tokens, window_tokens - before);
  return growing * before + growing * (growing + 1) / 2 + (tokens - growing) * window_tokens;
}

// The larger of reading and computing hides a part of the other; both share what is left in proportion.
double Gemm::add(double tokens, Causes& causes) const {
  const double compute_s = compute_token_s * tokens;
  const double both_s = blended(read_s, compute_s, blend);
  const double weights_share = read_s / (read_s + compute_s);
  causes.weights_s += count * both_s * weights_share;
  causes.compute_s += count * both_s * (1 - weights_share);
  causes.overhead_s += count * (launch_s + activation_token_s * tokens);
  return count * (launch_s + both_s + activation_token_s * tokens);
}

double Collective::seconds(double bytes) const {
  return bytes <= 0 ? 0 : launch_s + bytes / bytes_per_s + sqrt_byte_s * std::sqrt(bytes);
}

double Experts::active(double tokens) const {
  const double all = tokens * data_parallel;
  const double untouched = std::pow(1 - per_token / experts, all);
  return std::max(experts / ranks * (1 - untouched), std::min(1.0, all * per_token / ranks));
}

double Experts::rows(double tokens) const {
  const double all = tokens * data_parallel;
  return std::min(all * per_token / ranks * std::pow(ranks, imbalance), all * per_token);
}

double Experts::add(double tokens, Causes& causes) const {
  const double touched = active(tokens), fullest = rows(tokens);
  const double read_s = touched * read_expert_s, compute_s = (fullest + touched * pad_rows) * compute_row_s;
  const double rest_s = launch_s + token_s * tokens * data_parallel + row_s * fullest;
  causes.weights_s += count * read_s;
  causes.compute_s += count * compute_s;
  causes.overhead_s += count * rest_s;
  return count * (rest_s + read_s + compute_s);
}

double HeadAttention::context(double tokens) const {
  if (window_tokens <= 0 || tokens <= window_tokens) return tokens;
  return is_chunked ? window_tokens / 2 : window_tokens;
}

double HeadAttention::decode(double sequences, double context_tokens, Causes& causes) const {
  const double tokens = context(context_tokens);
  const double read_s = sequences * tokens * cache_token_s, wait_s = sqrt_context_s * std::sqrt(tokens);
  const double core_s = std::cbrt(read_s * read_s * read_s + wait_s * wait_s * wait_s);
  const double rest_s = launch_s + sequence_s * sequences;
  causes.kv_s += count * core_s;
  causes.overhead_s += count * rest_s;
  return count * (rest_s + core_s);
}

double HeadAttention::prefill(std::span<const Chunk> chunks) const {
  double seconds = prefill_launch_s;
  for (const Chunk& chunk : chunks) {
    const double length = chunk.tokens + chunk.before_tokens;
    const double pairs = attention_pairs(chunk.tokens, chunk.before_tokens, window_tokens);
    seconds += pair_s * pairs * (length + half_length_tokens) / length + prompt_token_s * chunk.tokens;
  }
  return count * seconds;
}

double LatentAttention::projections(double tokens, Causes& causes) const {
  const Projections& by = tokens > above_tokens ? prefill_projections : decode_projections;
  const double compute_s = by.compute_token_s * tokens;
  const double both_s = std::sqrt(by.read_s * by.read_s + compute_s * compute_s);
  if (both_s <= 0) return 0;  // the projections are products of their own
  const double weights_share = by.read_s / (by.read_s + compute_s);
  causes.weights_s += count * both_s * weights_share;
  causes.compute_s += count * both_s * (1 - weights_share);
  causes.overhead_s += count * (by.launch_s + by.activation_token_s * tokens);
  return count * (by.launch_s + both_s + by.activation_token_s * tokens);
}

double LatentAttention::decode(double sequences, double context_tokens, Causes& causes) const {
  const double read_s = sequences * context_tokens * cache_token_s;
  const double compute_s = sequences * context_tokens * compute_context_s;
  const double wait_s = sqrt_context_s * std::sqrt(context_tokens);
  const double core_s =
      std::cbrt(read_s * read_s * read_s + wait_s * wait_s * wait_s + compute_s * compute_s * compute_s);
  causes.kv_s += count * core_s;
  causes.overhead_s += count * sequence_s * sequences;
  return count * (sequence_s * sequences + core_s);
}

double LatentAttention::prefill(std::span<const Chunk> chunks) const {
  double seconds = prefill_launch_s;
  for (const Chunk& chunk : chunks) seconds += pair_s * attention_pairs(chunk.tokens, chunk.before_tokens, 0);
  return count * seconds;
}

}  // namespace roofline
