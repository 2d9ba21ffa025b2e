#include "uncertainty.hpp"

#include <algorithm>
#include <cmath>

namespace vllm_memory {
namespace {

bool has_profiled_tower(const StageQuestion& question) {
  const Serving& serving = question.settings.serving;
  return !question.settings.model.towers.empty() && !serving.language_model_only && !serving.skip_encoder_profile;
}

std::string kv_class_of(const StageQuestion& question) {
  const Model& model = question.settings.model;
  if (question.gpu.is_unified) return "unified";
  if (question.gpu.is_amd) return "amd";
  if (model.has_state) return "state";
  if (has_profiled_tower(question)) return "vision";
  if (model.has_moe) return "mixture";
  return question.layout.tensor * question.layout.pipeline > 1 ? "several" : "dense";
}

void see(const std::vector<Matrix>& matrices, const Format& put_on, bool is_quantized, bool& declared, bool& assumed) {
  for (const Matrix& matrix : matrices) {
    declared |= !matrix.stored->is_plain;
    assumed |= matrix.stored->is_plain && !is_quantized && matrix.is_linear && put_on.changes(matrix.role);
  }
}

std::string weights_class_of(const StageQuestion& question) {
  const Model& model = question.settings.model;
  bool declared = false, assumed = false;
  for (const Group& group : model.groups)
    if (group.role == "target") see(group.matrices, question.format, model.is_quantized, declared, assumed);
  return assumed ? "assumed" : declared ? "declared" : "plain";
}

}  // namespace

Uncertainty uncertainty_of(const StageQuestion& question) {
  const Release& release = question.release;
  Uncertainty uncertainty;
  uncertainty.kv_class = kv_class_of(question);
  uncertainty.weights_class = weights_class_of(question);
  uncertainty.kv_margin_bytes = release.number("margin.kv_cache_gib." + uncertainty.kv_class) * gib;
  uncertainty.weights_margin = release.number("margin.weights." + uncertainty.weights_class);
  uncertainty.total_spread = question.gpu.total_spread_bytes / std::max(1.0, question.gpu.total_bytes);
  return uncertainty;
}

Interval independent_sum(std::initializer_list<Interval> terms) {
  double best = 0, below = 0, above = 0;
  for (const Interval& term : terms) {
    best += term.best;
    below += (term.best - term.low) * (term.best - term.low);
    above += (term.high - term.best) * (term.high - term.best);
  }
  return {best, best - std::sqrt(below), best + std::sqrt(above)};
}

Interval left_of(double from, const Interval& taken, double margin) {
  return {from - taken.best, from - taken.high - margin, from - taken.low + margin};
}

}  // namespace vllm_memory
