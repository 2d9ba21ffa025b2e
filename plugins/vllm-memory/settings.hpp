// What a run is opened with, read once from the engine's JSON into plain numbers.
#pragma once

#include "interval.hpp"
#include "placed_tensors.hpp"

#include "engine-settings/tables.hpp"

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace vllm_memory {

using vw::settings::FormatScope;
using vw::settings::Split;
using vw::settings::Tier;

// How a matrix is stored: bits per weight, and what comes with a tile, a row and the whole matrix.
struct Storage {
  double bits = 16, scale_bits = 0, zero_bits = 0, row_bits = 0, tensor_bits = 0;
  double tile_rows = 0, tile_inputs = 0;  // what shares a scale; 0: all of them
  double pad_outputs = 1, pad_inputs = 1;
};

struct Format : FormatScope {
  Storage linears, experts;
  bool has_kv = false;
  double kv_bits = 16, kv_bits_per_head = 0, kv_group_bits_per_element = 0;
};

struct Matrix {
  std::string role;
  double outputs = 0, inputs = 1, copies = 1;
  Split split = Split::none;
  const Format* stored = nullptr;  // as the checkpoint has it
  bool is_expert = false, is_linear = false;
  double slices = 1;  // matrices fused into this one: 3 for qkv, 2 for gate and up
};

enum class Attention { none, full, sliding, chunked, latent, cross, shared };
enum class StateKind { none, mamba1, mamba2, gated_delta, kda, linear, short_conv };

struct State {
  StateKind kind = StateKind::none;
  double inner = 0, heads = 0, head_dim = 0, state_dim = 0, groups = 0, kernel = 0;
  double key_heads = 0, key_dim = 0, value_heads = 0, value_dim = 0;
  double conv_bytes = 2, state_bytes = 2;  // of one element
};

struct Group {
  std::string role;  // target, mtp, draft
  std::vector<int> layers;
  Attention attention = Attention::none;
  double query_heads = 0, kv_heads = 0, key_dim = 0, value_dim = 0, window_tokens = 0;
  double kv_rank = 0, rope_dim = 0, nope_dim = 0, indexer_dim = 0;  // latent attention
  bool has_indexer = false;
  State state;
  bool is_moe = false, is_gated = true;
  double intermediate = 0, experts = 0, experts_per_token = 0;
  std::vector<Matrix> matrices;  // of one layer
};

// How vLLM builds the dummy item of a tower (encoder.cpp).
enum class TowerProfile { plain, qwen2_video, qwen3_video, gemma4_video };

struct Tower {
  double layers = 0, hidden = 0, intermediate = 0, heads = 0, patch = 0, merge = 1, channels = 3, frames = 1;
  double tokens_per_item = 0, max_tokens_per_item = 0, image = 0, output_levels = 1;
  bool is_gated = false, is_vision = true;
  TowerProfile profile = TowerProfile::plain;
  std::vector<Matrix> matrices;
};

struct Rope {
  double rows = 0, width = 0, copies = 1;
};

struct Model {
  std::string family, architecture, kv_cache_format;
  double hidden = 0, vocab = 0, layers = 0, max_context = 0, dtype_bytes = 2;
  bool is_tied = false, is_quantized = false, is_gpt_oss = false, takes_whole_items = false, has_state = false,
       has_moe = false;
  double expert_params = 0;
  std::vector<Group> groups;
  std::vector<Matrix> matrices;
  std::vector<Tower> towers;
  std::vector<Rope> ropes;
  PlacedTensors tensors;
};

// What a log taught about one card (vw.correction): each term x ratio + bytes, and its interval for the load that ran.
struct Correction {
  struct Part {
    double ratio = 1, add_bytes = 0;
    double spread_bytes = -1;  // half of the interval; below 0: it moves with the term
  };
  std::string id;
  Part weights, activation, non_torch, graphs;
  double kv_spread_bytes = -1;
  double tensor = 1, pipeline = 1, sequences = 0, batched_tokens = 0;  // the load; 0: any
  bool is_eager = false;
};

struct Gpu {
  std::string id, name;
  double total_bytes = 0;  // what CUDA reports, give or take the spread
  double total_spread_bytes = 0;
  std::string total_grade, total_source;
  double used_bytes = 0;  // by other programs
  double capability = 0;  // 0: no NVIDIA card
  bool is_unified = false, is_amd = false;
  std::shared_ptr<const Correction> correction;  // null: none
};

// What every candidate is judged by, read once from the table of the release (scripts/releases/_memory.lua says what
// each number means and where it comes from).
struct StepRules {
  // forward
  double hidden_factor = 3, v2_hidden_factor = 3, intermediate_factor = 3, all_reduce_factor = 1;
  double moe_hidden_factor = 3, moe_chunk_tokens = 0, latent_window_rows = 65536, pipeline_hidden_copies = 2;
  double forward_spread = 0, mixture_forward_spread = 0, encoder_spread = 0;
  bool moe_is_function = false, moe_gathers_data_parallel = true, moe_workspace_stays = false;
  // sampler
  Interval sampler_bytes, v2_sampler_bytes;
  double rejection_bytes = 0, sampler_hidden_bytes = 2;
  // encoder
  enum class Padding { none, item, budget };
  Padding encoder_padding = Padding::none;
  double encoder_embed_factor = 3, qwen2_video_frames = 14, qwen3_video_token_factor = 1;
  bool gemma4_chunks_frames = false;
  bool encoder_counts_limits = false, encoder_keeps_pixels = true, v2_profiles_encoder = true;
  // CUDA graphs
  bool has_graphs = true, has_full_graphs = false, graphs_are_estimated = false, graphs_are_estimated_on_rocm = false;
  bool captures_fixed_sizes = false;
  double capture_step = 16, capture_cap = 512, capture_cap_blackwell = 512, capture_cap_gpt_oss = 512;
  double graph_base_bytes = 0, graph_piecewise_bytes = 0, graph_full_bytes = 0, graph_v2_factor = 1;
  double graph_low_factor = 1, graph_high_factor = 1, graph_high_offset_bytes = 0;
  double graph_hybrid_low_bytes = 0, graph_hybrid_high_bytes = 0;
  // budget and blocks
  bool requested_rounds_up = false, checks_all_layers = false, logs_concurrency_tokens = false,
       async_scheduling = false;
  double in_flight_steps = 1, slack_bytes = 0;
};

// Settings of a vLLM release: numbers under "defaults" and "memory" of its table, by path ("graph_pool_gib.base").
class Release {
 public:
  std::string id;
  double number(const std::string& path, double otherwise = 0) const;
  std::string text(const std::string& path, const std::string& otherwise = "") const;
  bool flag(const std::string& path, bool otherwise = false) const;
  // A table { best, low, high }, or one number for all three.
  Interval range(const std::string& path) const;
  // A value by size of the card: { least_gib, value, unless_name }.
  double tier(const std::string& path, const Gpu& gpu) const;

  std::map<std::string, double> numbers;
  std::map<std::string, std::string> texts;
  std::map<std::string, std::vector<Tier>> tiers;
  std::vector<std::string> v2_architectures;
  StepRules step;
};

Release read_release(const nlohmann::json& json);

// What the user asked of the server beside the candidate.
struct Serving {
  bool offline = false;  // the LLM class instead of the server
  std::string runner;    // "v1", "v2"; empty: the release decides
  double lora_slots = 0, lora_rank = 0;
  std::string speculative_method;  // empty, "mtp", "eagle", "eagle3", "ngram", "draft"
  double speculative_tokens = 0;
  std::shared_ptr<const Model> draft;
  double images_per_prompt = 999, videos_per_prompt = 999;  // 999: no limit (vllm/config/multimodal.py)
  bool is_pooling = false;
  bool language_model_only = false, skip_encoder_profile = false, encoder_data_parallel = false;
  double cpu_offload_bytes = 0, kv_cache_bytes = 0;  // 0: not given
  bool hybrid_groups = true;
  int async_scheduling = -1, prefix_caching = -1;  // -1: the release decides
  double cudagraph_cap = 0;                        // 0: the release decides
  double performance_factor = 1;                   // of the default batch limits: 2 with --performance-mode throughput
  std::vector<int> stage_layers;                   // given pipeline split
  std::vector<double> stage_total_bytes;           // of each stage's card, where they are not alike
};

struct Settings {
  Model model;
  std::vector<std::shared_ptr<const Format>> formats, kv_formats;
  std::map<std::string, std::shared_ptr<const Format>> stored;  // by id
  std::vector<Gpu> gpus;
  std::vector<Release> releases;
  Serving serving;
  double headroom_bytes = 0;
  std::vector<std::string> unused_options;  // given, and of no meaning here
};

// Throws std::runtime_error with what is missing.
Settings read_settings(std::string_view json);

}  // namespace vllm_memory
