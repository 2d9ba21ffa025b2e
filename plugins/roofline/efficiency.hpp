// What was measured of a card: for each operation and format a record, fitted to its times. Shares multiply the peaks
// of the card's datasheet, which turn them into rates.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace roofline {

// "0.19.0" -> 0, 19, 0 as one number that sorts.
double version_number(const std::string& version);

struct GemmRecord {
  std::string format, peak;
  double launch_s = 0, memory_share = 1, compute_share = 1, blend = 1;
  double input_bytes = 0, output_bytes = 0, weight_bytes = 2;
  double vllm = 0;  // version_number of the engine that was measured
};

struct ExpertsRecord {
  std::string format, peak;
  double launch_s = 0, memory_share = 1, compute_share = 1;
  double activation_bytes = 0, pad_rows = 0, imbalance = 0, weight_bytes = 2;
  double vllm = 0;
};

struct DecodeRecord {
  std::string kv;
  double head_dim = 128, window_tokens = 0;
  double launch_s = 0, memory_share = 1, sequence_head_s = 0, sqrt_context_s = 0;
  double vllm = 0;
};

struct PrefillRecord {
  std::string kv;
  double head_dim = 128, window_tokens = 0;
  double launch_s = 0, compute_share = 1, memory_share = 1, half_length_tokens = 0;
  double vllm = 0;
};

// The whole attention module of multi-head latent attention.
struct LatentRecord {
  std::string kv, format;
  bool is_unfused = false;  // timed with separate element-wise kernels, which the engine fuses
  double launch_s = 0, memory_share = 1, compute_share = 1, attention_compute_share = 1, weight_bytes = 2;
  double kv_memory_share = 1, sequence_s = 0, sqrt_context_s = 0;  // decode
  double activation_bytes = 0;                                     // prefill
  double vllm = 0;
};

struct CollectiveRecord {
  std::string operation;
  double gpus = 1, launch_s = 0, bytes_per_s = 1, sqrt_byte_s = 0;
};

struct Efficiency {
  std::string gpu;      // the card that was measured
  bool is_own = false;  // it is this card, and no relative
  double bytes_per_s = 0, link_bytes_per_s = 0;
  double bf16_flops = 0, fp8_flops = 0, fp4_flops = 0;  // peaks that the shares refer to
  std::vector<GemmRecord> gemm;
  std::vector<ExpertsRecord> experts;
  std::vector<DecodeRecord> decode;
  std::vector<PrefillRecord> prefill;
  std::vector<LatentRecord> latent_decode, latent_prefill;
  std::vector<CollectiveRecord> collectives;

  // The record of the newest engine that is not newer than `vllm`, else the oldest; null: that format was not measured.
  const GemmRecord* gemm_of(const std::string& format, double vllm) const;
  const ExpertsRecord* experts_of(const std::string& format, double vllm) const;
  // The nearest head width; a window's own record where `has_window` and there is one.
  const DecodeRecord* decode_of(const std::string& kv, double head_dim, double window_tokens, double vllm) const;
  const PrefillRecord* prefill_of(const std::string& kv, double head_dim, double window_tokens, double vllm) const;
  const LatentRecord* latent_decode_of(const std::string& kv, const std::string& format, double vllm) const;
  const LatentRecord* latent_prefill_of(const std::string& kv, const std::string& format, double vllm) const;
  // The smallest group that holds `gpus`, else the largest there is.
  const CollectiveRecord* collective_of(const std::string& operation, double gpus) const;
};

Efficiency read_efficiency(const nlohmann::json& json);

}  // namespace roofline
