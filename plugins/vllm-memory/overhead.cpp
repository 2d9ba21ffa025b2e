#include "load.hpp"

#include <algorithm>
#include <cmath>
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

// How many of 1, 2, 4, 8, 16 .. 248, then 256 and on by `step`, are not above `cap`.
double sizes_up_to(double cap, double step) {
  if (cap < 1) return 0;
  double count = 1.0 + (cap >= 2 ? 1 : 0) + (cap >= 4 ? 1 : 0) + std::floor(std::min(cap, 255.0) / 8);
  if (cap >= 256) count += std::floor((cap - 256) / step) + 1;
  return count;
}

// vllm/config/vllm.py: _set_cudagraph_sizes
CaptureSizes capture_sizes(const StageQuestion& question) {
  const StepRules& step = question.release.step;
  const Serving& serving = question.settings.serving;
  const double decode = question.load.sequences * (1 + serving.speculative_tokens);
  double most = question.gpu.capability >= 10 ? step.capture_cap_blackwell : step.capture_cap;
  if (question.settings.model.is_gpt_oss) most = step.capture_cap_gpt_oss;
  double cap = step.captures_fixed_sizes ? step.capture_cap : std::min(decode * 2, most);
  if (serving.cudagraph_cap > 0) cap = serving.cudagraph_cap;
  cap = std::min(cap, question.load.batched_tokens);
  CaptureSizes sizes{sizes_up_to(cap, step.capture_step), 0};
  if (step.has_full_graphs) sizes.full = sizes_up_to(std::min(cap, decode), step.capture_step);
  return sizes;
}

Interval pool_bytes(const StageQuestion& question, const CaptureSizes& sizes) {
  const StepRules& step = question.release.step;
  const double layers = question.settings.model.layers / question.layout.pipeline;
  const double pieces = step.graph_piecewise_bytes * sizes.piecewise + step.graph_full_bytes * sizes.full;
  const double best =
      (step.graph_base_bytes + layers * pieces) * (question.load.is_v2_runner ? step.graph_v2_factor : 1);
  Interval bytes{best, best * step.graph_low_factor, best * step.graph_high_factor + step.graph_high_offset_bytes};
  constexpr double few_sizes = 20;  // hybrids with default limits: anything was logged
  if (question.settings.model.has_state && sizes.piecewise > few_sizes) {
    bytes.low = std::min(bytes.low, step.graph_hybrid_low_bytes);
    bytes.high = std::max(bytes.high, step.graph_hybrid_high_bytes);
  }
  return bytes;
}

}  // namespace

std::vector<FittedTerm> non_torch_terms(const StageQuestion& question) {
  const Release& release = question.release;
  const std::string measured = release.text("non_torch_gib.measured") + ", ";
  std::vector<FittedTerm> terms;
  const auto add = [&](const std::string& cell, const std::string& name) {
    terms.push_back({measured + name, gibs(release, "non_torch_gib." + cell)});
  };
  if (question.gpu.is_unified) {
    add("unified", "unified memory");
    return terms;
  }
  const std::string card = generation(question.gpu) == "sm90" ? "sm90" : "other";
  const std::string communicators = ", communicators " + release.text("non_torch_gib.communicators", "inside");
  if (question.layout.tensor > 1)
    add(card + "_several", card + communicators);
  else
    add(card, card);
  if (question.gpu.is_amd) add("amd_extra", "AMD");
  if (question.settings.model.has_state) add("state_extra", "state layers");
  const double large = release.number("non_torch_gib.large_experts_extra.above_params");
  if (large > 0 && question.settings.model.expert_params > large) add("large_experts_extra", "large experts");
  if (question.layout.pipeline > 1) terms.push_back({measured + "pipeline", gibs(release, "pipeline_extra_gib")});
  return terms;
}

Interval non_torch(const StageQuestion& question, const std::vector<FittedTerm>& terms) {
  Interval sum = question.gpu.is_unified ? Interval{} : fused_all_reduce(question);
  if (question.layout.tensor > 2)
    sum += gibs(question.release, "communicator_doubling_gib") * (std::log2(question.layout.tensor) - 1);
  for (const FittedTerm& term : terms) sum += term.bytes;
  return sum;
}

Graphs cuda_graphs(const StageQuestion& question) {
  const StepRules& step = question.release.step;
  if (question.load.is_eager || !step.has_graphs) return {};
  const bool is_measured = step.graphs_are_estimated && !question.load.is_v2_runner;
  const bool is_on_card = !question.gpu.is_amd || step.graphs_are_estimated_on_rocm;
  return {pool_bytes(question, capture_sizes(question)), is_measured && is_on_card};
}

double context_bytes(const StageQuestion& question) {
  const bool several = question.layout.tensor * question.layout.pipeline * question.layout.data > 1 &&
                       question.release.flag("snapshot_after_groups");
  return question.release.number(several ? "context_gib.several_gpus" : "context_gib.one_gpu") * gib;
}

}  // namespace vllm_memory
