#include "load.hpp"

#include <algorithm>
#include <string>

namespace vllm_memory {
namespace {

std::string generation(const Gpu& gpu) {
  if (gpu.capability >= 10.3 && gpu.capability < 11) return "sm103";
  if (gpu.capability >= 10 && gpu.capability < 11) return "sm100";
  return gpu.capability >= 9 && gpu.capability < 10 ? "sm90" : "other";
}

std::string by_tensor(const Layout& layout) { return std::to_string(static_cast<int>(layout.tensor)); }

Interval gibs(const Release& release, const std::string& path) { return release.range(path) * gib; }

// Made while profiling from the first release that fuses all-reduce and norm; no log confirms it yet.
Interval fused_all_reduce(const StageQuestion& question) {
  if (!question.release.flag("fused_all_reduce") || question.load.is_eager || question.layout.tensor < 2) return {};
  const std::string path = "fused_all_reduce_gib." + generation(question.gpu) + "." + by_tensor(question.layout);
  return {0, 0, question.release.number(path) * gib};
}

struct CaptureSizes {
  double piecewise = 0, full = 0;
};

double sizes_up_to(double cap, double step_from_256) {
  if (cap < 1) return 0;
  double count = 0;
  for (const double size : {1.0, 2.0, 4.0}) count += size <= cap ? 1 : 0;
  for (double size = 8; size <= std::min(cap, 255.0); size += 8) ++count;
  for (double size = 256; size <= cap; size += step_from_256) ++count;
  return count;
}

// vllm/config/vllm.py: _set_cudagraph_sizes
CaptureSizes capture_sizes(const StageQuestion& question) {
  const Release& release = question.release;
  const Serving& serving = question.settings.serving;
  const double decode = question.load.sequences * (1 + serving.speculative_tokens);
  const std::string rule = release.text("cudagraph_sizes", "by-sequences");
  const bool is_blackwell = question.gpu.capability >= 10;
  const bool is_gpt_oss = question.settings.model.family == "gpt-oss";
  double most = release.number("cudagraph_cap", 512);
  if (is_blackwell) most = release.number("cudagraph_cap_blackwell", most);
  if (is_gpt_oss) most = release.number("cudagraph_cap_gpt_oss", most);
  double cap = rule == "fixed-512" ? 512 : std::min(decode * 2, most);
  if (serving.cudagraph_cap > 0) cap = serving.cudagraph_cap;
  cap = std::min(cap, question.load.batched_tokens);
  const double step = rule == "by-sequences" ? 16 : 8;
  CaptureSizes sizes{sizes_up_to(cap, step), 0};
  if (release.text("cudagraph_mode") == "full-and-piecewise") sizes.full = sizes_up_to(std::min(cap, decode), step);
  return sizes;
}

Interval pool_bytes(const StageQuestion& question, const CaptureSizes& sizes) {
  const Release& release = question.release;
  const double pieces = release.number("graph_pool_gib.per_layer_piecewise") * sizes.piecewise +
                        release.number("graph_pool_gib.per_layer_full") * sizes.full;
  const double layers = question.settings.model.layers / question.layout.pipeline;
  const double best = (release.number("graph_pool_gib.base") + layers * pieces / 1024) * gib;
  const double factor = question.load.is_v2_runner ? release.number("graph_pool_gib.v2_factor", 1) : 1;
  Interval bytes{best * factor, best * factor * release.number("graph_pool_gib.low_factor", 1),
                 best * factor * release.number("graph_pool_gib.high_factor", 1) +
                     release.number("graph_pool_gib.high_offset") * gib};
  constexpr double few_sizes = 20;  // hybrids with default limits: anything was logged
  if (question.settings.model.has_state && sizes.piecewise > few_sizes) {
    bytes.low = std::min(bytes.low, release.number("graph_pool_gib.hybrid_low") * gib);
    bytes.high = std::max(bytes.high, release.number("graph_pool_gib.hybrid_high") * gib);
  }
  return bytes;
}

}  // namespace

Interval non_torch(const StageQuestion& question) {
  const Release& release = question.release;
  const bool several = question.layout.tensor > 1;
  if (question.gpu.is_unified) return gibs(release, "non_torch_gib.unified");
  const bool is_hopper = generation(question.gpu) == "sm90";
  const std::string card = std::string(is_hopper ? "sm90" : "other") + (several ? "_several" : "");
  Interval sum = gibs(release, "non_torch_gib." + card) + fused_all_reduce(question);
  if (question.gpu.is_amd) sum += gibs(release, "non_torch_gib.amd_extra");
  if (question.settings.model.has_state) sum += gibs(release, "non_torch_gib.state_extra");
  const double large = release.number("non_torch_gib.large_experts_extra.above_params");
  if (large > 0 && question.settings.model.expert_params > large)
    sum += gibs(release, "non_torch_gib.large_experts_extra");
  if (question.layout.pipeline > 1) sum += gibs(release, "pipeline_extra_gib");
  return sum;
}

Graphs cuda_graphs(const StageQuestion& question) {
  const Release& release = question.release;
  if (question.load.is_eager || !release.flag("cuda_graphs", true)) return {};
  const CaptureSizes sizes = capture_sizes(question);
  const bool is_measured = release.text("graph_estimate") == "default" && !question.load.is_v2_runner;
  const bool is_on_card = !question.gpu.is_amd || release.flag("graph_estimate_on_rocm");
  return {pool_bytes(question, sizes), is_measured && is_on_card};
}

double context_bytes(const StageQuestion& question) {
  const bool several = question.layout.tensor * question.layout.pipeline * question.layout.data > 1 &&
                       question.release.flag("snapshot_after_groups");
  return question.release.number(several ? "context_gib.several_gpus" : "context_gib.one_gpu") * gib;
}

}  // namespace vllm_memory
