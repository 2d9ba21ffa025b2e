#include "settings.hpp"

#include "engine-settings/json_fields.hpp"

namespace vllm_memory {

using namespace vw::settings;
namespace {

void flatten(const Json& json, const std::string& path, Release& release) {
  for (const auto& [key, value] : json.items()) {
    const std::string inner = path.empty() ? key : path + "." + key;
    if (value.is_object()) flatten(value, inner, release);
    if (value.is_number()) release.numbers[inner] = value.get<double>();
    if (value.is_boolean()) release.numbers[inner] = value.get<bool>() ? 1 : 0;
    if (value.is_string()) release.texts[inner] = value.get<std::string>();
    if (!value.is_array()) continue;
    for (const Json& item : value) {
      if (item.is_object())
        release.tiers[inner].push_back(read_tier(item));
      else if (item.is_string() && inner == "v2_architectures")
        release.v2_architectures.push_back(item);
    }
  }
}

void read_forward(const Release& release, StepRules& step) {
  step.hidden_factor = release.number("forward_hidden_factor", 3);
  step.v2_hidden_factor = release.number("v2_forward_hidden_factor", step.hidden_factor);
  step.intermediate_factor = release.number("forward_intermediate_factor", 3);
  step.all_reduce_factor = release.number("forward_all_reduce_factor", 1);
  step.moe_hidden_factor = release.number("moe_hidden_factor", 3);
  step.moe_chunk_tokens = release.number("moe_chunk_tokens");
  step.moe_is_function = release.text("moe_form") == "function";
  step.moe_gathers_data_parallel = release.flag("moe_gathers_data_parallel", true);
  step.moe_workspace_stays = release.flag("moe_workspace_stays");
  step.latent_window_rows = release.number("latent_window_rows", 65536);
  step.pipeline_hidden_copies = release.number("pipeline_hidden_copies", 2);
  step.forward_spread = release.number("spread.forward");
  step.mixture_forward_spread = release.number("spread.mixture_forward");
  step.encoder_spread = release.number("spread.encoder");
  step.sampler_bytes = release.range("sampler_bytes_per_logit");
  step.v2_sampler_bytes = release.range("v2_sampler_bytes_per_logit");
  step.rejection_bytes = release.number("rejection_bytes_per_logit");
  step.sampler_hidden_bytes = release.number("sampler_hidden_bytes", 2);
}

void read_encoder(const Release& release, StepRules& step) {
  const std::string padding = release.text("encoder_padding", "none");
  step.encoder_padding = padding == "budget" ? StepRules::Padding::budget
                         : padding == "item" ? StepRules::Padding::item
                                             : StepRules::Padding::none;
  step.encoder_embed_factor = release.number("encoder_embed_factor", 3);
  step.qwen2_video_frames = release.number("qwen2_vl_video_frames", 14);
  step.qwen3_video_token_factor = release.number("qwen3_vl_video_token_factor", 1);
  step.gemma4_chunks_frames = release.flag("gemma4_chunks_frames");
  step.encoder_counts_limits = release.flag("encoder_counts_limits");
  step.encoder_keeps_pixels = release.flag("encoder_keeps_pixels", true);
  step.v2_profiles_encoder = release.flag("v2_profiles_encoder", true);
}

void read_graphs(const Release& release, StepRules& step) {
  const std::string sizes = release.text("cudagraph_sizes", "by-sequences");
  step.has_graphs = release.flag("cuda_graphs", true);
  step.has_full_graphs = release.text("cudagraph_mode") == "full-and-piecewise";
  step.graphs_are_estimated = release.text("graph_estimate") == "default";
  step.graphs_are_estimated_on_rocm = release.flag("graph_estimate_on_rocm");
  step.captures_fixed_sizes = sizes == "fixed-512";
  step.capture_step = sizes == "by-sequences" ? 16 : 8;
  step.capture_cap = release.number("cudagraph_cap", 512);
  step.capture_cap_blackwell = release.number("cudagraph_cap_blackwell", step.capture_cap);
  step.capture_cap_gpt_oss = release.number("cudagraph_cap_gpt_oss", step.capture_cap);
  step.graph_base_bytes = release.number("graph_pool_gib.base") * gib;
  step.graph_piecewise_bytes = release.number("graph_pool_gib.per_layer_piecewise") * mib;
  step.graph_full_bytes = release.number("graph_pool_gib.per_layer_full") * mib;
  step.graph_v2_factor = release.number("graph_pool_gib.v2_factor", 1);
  step.graph_low_factor = release.number("graph_pool_gib.low_factor", 1);
  step.graph_high_factor = release.number("graph_pool_gib.high_factor", 1);
  step.graph_high_offset_bytes = release.number("graph_pool_gib.high_offset") * gib;
  step.graph_hybrid_low_bytes = release.number("graph_pool_gib.hybrid_low") * gib;
  step.graph_hybrid_high_bytes = release.number("graph_pool_gib.hybrid_high") * gib;
}

StepRules read_step(const Release& release) {
  StepRules step;
  read_forward(release, step);
  read_encoder(release, step);
  read_graphs(release, step);
  step.requested_rounds_up = release.flag("requested_rounds_up");
  step.checks_all_layers = release.flag("checks_all_layers");
  step.logs_concurrency_tokens = release.text("tokens_logged") == "concurrency";
  step.async_scheduling = release.flag("async_scheduling");
  step.in_flight_steps = release.number("in_flight_steps", 1);
  step.slack_bytes = release.number("log_slack_gib") * gib;
  return step;
}

}  // namespace

Release read_release(const Json& json) {
  Release release;
  release.id = text(json, "id");
  flatten(member(json, "defaults"), "", release);
  flatten(member(json, "memory"), "", release);
  release.step = read_step(release);
  return release;
}

double Release::number(const std::string& path, double otherwise) const {
  const auto known = numbers.find(path);
  return known == numbers.end() ? otherwise : known->second;
}

std::string Release::text(const std::string& path, const std::string& otherwise) const {
  const auto known = texts.find(path);
  return known == texts.end() ? otherwise : known->second;
}

bool Release::flag(const std::string& path, bool otherwise) const { return number(path, otherwise ? 1 : 0) != 0; }

Interval Release::range(const std::string& path) const {
  if (numbers.count(path) != 0) return Interval::exactly(number(path));
  const double best = number(path + ".best");
  return {best, number(path + ".low", best), number(path + ".high", best)};
}

double Release::tier(const std::string& path, const Gpu& gpu) const {
  const auto known = tiers.find(path);
  return known == tiers.end() ? number(path) : tier_value(known->second, gpu.name, gpu.total_bytes / gib, 0);
}

}  // namespace vllm_memory
