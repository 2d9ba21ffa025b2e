#include "load.hpp"

#include <algorithm>

namespace vllm_memory {
namespace {

// Both buffers between the two matrices of an expert, for all tokens that a rank sees.
double moe_workspace(const Group& group, const StageQuestion& question) {
  const Layout& layout = question.layout;
  const StepRules& step = question.release.step;
  const double gathered = step.moe_gathers_data_parallel ? layout.data : 1;
  double tokens = question.load.batched_tokens * gathered;
  if (step.moe_chunk_tokens > 0) tokens = std::min(tokens, step.moe_chunk_tokens);
  const double hidden = question.settings.model.hidden;
  const double inner = group.intermediate / (layout.experts_split ? 1 : layout.tensor * layout.data);
  const double second = step.moe_is_function ? inner : std::max(inner, hidden);
  return 2 * tokens * group.experts_per_token * (std::max(2 * inner, hidden) + second);
}

double all_reduce_bytes(const StageQuestion& question) {
  const double factor = question.release.step.all_reduce_factor;
  return question.layout.tensor > 1 ? factor * 2 * question.load.batched_tokens * question.settings.model.hidden : 0;
}

double hidden_factor(const StageQuestion& question) {
  const StepRules& step = question.release.step;
  return question.load.is_v2_runner ? step.v2_hidden_factor : step.hidden_factor;
}

double dense_forward(const Group& group, const StageQuestion& question) {
  const double tensor = question.layout.tensor, hidden = question.settings.model.hidden;
  const double factor = question.release.step.intermediate_factor - (group.is_gated ? 0 : 1);
  const double queries = group.query_heads / tensor * group.key_dim;
  const double kv = group.kv_heads > 0 ? std::max(1.0, group.kv_heads / tensor) * (group.key_dim + group.value_dim) : 0;
  const double inner = std::max(group.is_moe ? 0.0 : factor * group.intermediate / tensor, 2 * queries + kv);
  return 2 * question.load.batched_tokens * (hidden_factor(question) * hidden + inner);
}

double moe_forward(const Group& group, const StageQuestion& question) {
  const double tokens = question.load.batched_tokens, hidden = question.settings.model.hidden;
  const double gathered = question.layout.data > 1 ? 2 * tokens * question.layout.data * hidden : 0;
  const double factor = question.release.step.moe_hidden_factor;
  return 2 * factor * tokens * hidden + moe_workspace(group, question) + tokens * group.experts * 4 + gathered;
}

// A stand-in for the up-projected context of latent attention (vllm/v1/attention/backends/mla/common.py).
double latent_stand_in(const Group& group, const StageQuestion& question) {
  if (group.attention != Attention::latent || group.has_indexer) return 0;
  const double most = question.release.step.latent_window_rows, block = 16;
  const double asked = std::max(8 * question.load.context_tokens, 4 * question.load.sequences * block);
  const double rows = std::max(std::min(asked, most), question.load.sequences * block);
  return rows * group.query_heads / question.layout.tensor * (group.nope_dim + group.value_dim) * 2;
}

double forward_bytes(const StageQuestion& question) {
  double most = 0;
  for (const Group& group : question.settings.model.groups) {
    if (group.role != "target") continue;
    const double layer = group.is_moe ? std::max(moe_forward(group, question), dense_forward(group, question))
                                      : dense_forward(group, question);
    most = std::max(most, layer + latent_stand_in(group, question));
  }
  return most + all_reduce_bytes(question);
}

double resident_workspace(const StageQuestion& question) {
  if (!question.release.step.moe_workspace_stays) return 0;
  double most = 0;
  for (const Group& group : question.settings.model.groups)
    if (group.is_moe && group.role == "target") most = std::max(most, moe_workspace(group, question));
  return most;
}

// Logits of all sequences over the whole vocabulary, on every rank of the group.
Interval sampler_bytes(const StageQuestion& question) {
  const StepRules& step = question.release.step;
  const double logits = question.load.sequences * question.settings.model.vocab;
  Interval per_logit = question.load.is_v2_runner ? step.v2_sampler_bytes : step.sampler_bytes;
  if (question.settings.serving.speculative_tokens > 0)
    per_logit = largest(per_logit, Interval::exactly(step.rejection_bytes));
  const double hidden = step.sampler_hidden_bytes * question.load.batched_tokens * question.settings.model.hidden;
  if (question.settings.serving.is_pooling) return Interval::exactly(hidden);
  return per_logit * logits + Interval::exactly(hidden);
}

// Hidden states and residual that a stage receives.
double received_bytes(const StageQuestion& question) {
  if (question.is_first) return 0;
  const double copies = question.release.step.pipeline_hidden_copies;
  return copies * 2 * question.load.batched_tokens * question.settings.model.hidden;
}

}  // namespace

Interval activation_peak(const StageQuestion& question) {
  const EncoderLoad encoder = encoder_load(question);
  const double kept = encoder.kept_bytes + received_bytes(question);
  const StepRules& step = question.release.step;
  const double spread = question.settings.model.has_moe ? step.mixture_forward_spread : step.forward_spread;
  Interval peak = around(forward_bytes(question), spread) + Interval::exactly(kept);
  if (question.is_last)
    peak = largest(peak, sampler_bytes(question) + Interval::exactly(kept + resident_workspace(question)));
  return largest(peak, around(encoder.peak_bytes, encoder.spread));
}

}  // namespace vllm_memory
