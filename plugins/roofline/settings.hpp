// What a run is opened with, read once from the engine's JSON into plain numbers.
#pragma once

#include "efficiency.hpp"

#include "engine-settings/tables.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace roofline {

using vw::settings::FormatScope;
using vw::settings::Split;
using vw::settings::Tier;

// How weights are stored and which record of efficiency tells their speed.
struct Storage {
  std::string compute = "bf16";
  double weight_bytes = 2;  // of one weight, its share of the scales included
  bool is_static = false;   // activations are scaled by numbers of the checkpoint: the kernel before quantizes them
};

struct Format : FormatScope {
  Storage linears, experts;
  double kv_bytes = 0;  // of one element; 0: not a format of KV caches
};

struct Matrix {
  std::string role;
  double outputs = 0, inputs = 1, copies = 1;
  Split split = Split::none;
  const Format* stored = nullptr;  // as the checkpoint has it
  bool is_expert = false, is_shared_expert = false;
};

enum class Attention { none, full, sliding, chunked, latent, cross };

// Layers that are alike.
struct Group {
  std::string role;  // target, mtp, draft
  double layers = 0;
  Attention attention = Attention::none;
  double query_heads = 0, kv_heads = 0, key_dim = 0, value_dim = 0, window_tokens = 0;
  double kv_rank = 0, rope_dim = 0, nope_dim = 0, indexer_dim = 0;  // latent attention
  bool has_full_norm = false;  // query and key are normed over all heads, which needs the other ranks
  double state_elements = 0, state_inner = 0, state_bytes = 2;  // of one sequence and layer; 0: no state
  bool is_moe = false;
  double intermediate = 0, experts = 0, experts_per_token = 0, shared_intermediate = 0;
  std::vector<Matrix> matrices;  // of one layer
};

struct Model {
  double hidden = 0, vocab = 0, layers = 0, dtype_bytes = 2;
  bool is_quantized = false;  // the checkpoint itself says how it is stored
  bool declares_fp8_kv = false;
  std::vector<Group> groups;
  std::vector<Matrix> matrices;
};

struct Gpu {
  std::string name, link;
  double total_gib = 0, bytes_per_s = 0, link_bytes_per_s = 0;
  double host_bytes_per_s = 0;  // what a step reads of the host's memory; 0: it is the card's own
  double bf16_flops = 0, fp8_flops = 0, fp4_flops = 0;  // 0: the card lacks the format
  bool is_foreign = false;                              // the relative is of another vendor
  Efficiency efficiency;

  double flops_of(const std::string& peak) const;
};

// What the engine itself costs, beside the operations; by release.
struct Costs {
  double vllm = 0;
  double decode_factor = 1, mixed_factor = 1, mixed_layer_s = 0, step_s = 0, sequence_s = 0;
  double arrival_s = 0, prompt_token_s = 0, first_token_s = 0;
  double kernel_s = 0, kernel_memory_share = 1, sampler_s = 0, sampler_bytes_per_logit = 0, router_weight = 1;
  double wait_steps = 0.5;         // that pass before a request that arrives is scheduled
  double own_prompts = 0;          // of those among the prompts that come, which nobody decodes through
  double queue_below_prompts = 1;  // that a step has room for: then prompts wait for each other as well
  double burst_alone_prompts = 0, burst_decoding_share = 0;  // of requests that all come at once
  double full_norm_kernels = 2;                              // of a norm over all heads of query and key
};

struct Spread {
  double tpot = 0, ttft = 0;  // high = best x (1 + spread), low = best / (1 + spread)
};

// gpu-db/efficiency/_shared.json.
struct Shared {
  std::vector<Costs> costs;
  std::map<std::string, Spread> spreads;  // served, measured, related, foreign
  std::vector<std::string> served;        // cards that serving was measured on
  double latent_decode_launch_s = 0, latent_prefill_launch_s = 0, latent_prefill_share_most = 1;
  double latent_attention_launch_s = 0, latent_prefill_above_tokens = 0;
  std::map<std::string, double> acceptance;        // by method of speculation
  std::map<std::string, double> host_bytes_per_s;  // of 16 lanes, by generation of PCI Express
  double host_share = 1;                           // of that rate which reading reaches
  double state_kernels = 0, state_compute_share = 1, node_bytes_per_s = 1, node_launch_s = 0;

  const Costs& costs_of(double vllm) const;
};

struct Release {
  std::string id;
  double vllm = 0;  // version_number
  bool takes_kv_dtype_of_checkpoint = false, fuses_all_reduce = false;
  std::vector<Tier> max_sequences, max_batched_tokens;
};

struct Speculation {
  std::string method;  // empty: none
  double tokens = 0, acceptance = 0;
  bool is_acceptance_given = false;
  std::shared_ptr<const Model> draft;
};

struct Settings {
  Model model;
  std::vector<std::shared_ptr<const Format>> formats, kv_formats;
  std::map<std::string, std::shared_ptr<const Format>> stored;  // by id
  std::vector<Gpu> gpus;
  std::vector<Release> releases;
  Shared shared;
  Speculation speculation;
  double cpu_offload_bytes = 0;  // of the weights of each GPU
  double prefix_hit = 0;         // share of a prompt that is found in the prefix cache
};

// Throws std::runtime_error with what is missing.
Settings read_settings(std::string_view json);

}  // namespace roofline
