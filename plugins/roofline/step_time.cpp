// A prepared step at work: how long it takes, and why.
#include "step.hpp"

#include <cmath>

namespace roofline {

Floor Step::floor(const Work& work) const {
  Floor floor;
  const double tokens = std::round(work.prompt_tokens + work.sequences * work.rows_per_sequence);
  const auto add = [&floor](const Gemm& gemm, double rows) {
    floor.weights_s += gemm.count * gemm.floor_weights_s;
    floor.compute_s += gemm.count * gemm.floor_compute_token_s * rows;
  };
  for (const Gemm& gemm : gemms_) add(gemm, tokens);
  if (const double rows = std::floor(work.sampled); rows >= 1)
    for (const Gemm& gemm : head_) add(gemm, rows);
  for (const Experts& experts : experts_) {
    floor.weights_s += experts.count * experts.active(tokens) * experts.floor_expert_s;
    floor.compute_s += experts.count * experts.rows(tokens) * experts.floor_compute_row_s;
  }
  for (const HeadAttention& attention : attentions_)
    floor.kv_s +=
        attention.count * work.sequences * attention.context(work.context_tokens) * attention.floor_cache_token_s;
  for (const LatentAttention& latent : latents_) {
    floor.weights_s += latent.count * latent.floor_weights_s;
    floor.kv_s += latent.count * work.sequences * work.context_tokens * latent.floor_cache_token_s;
  }
  return floor;
}

StepTime Step::time(const Work& work) const {
  StepTime step;
  Causes& causes = step.causes;
  const auto part = [&](Part which) -> double& { return step.parts_s[static_cast<std::size_t>(which)]; };
  const double tokens = std::round(work.prompt_tokens + work.sequences * work.rows_per_sequence);
  for (const Gemm& gemm : gemms_) part(gemm.part) += gemm.add(tokens, causes);
  for (const Experts& experts : experts_) part(Part::experts) += experts.add(tokens, causes);
  part(Part::elementwise) = kernels_.launch_s + kernels_.token_s * tokens;
  for (const Exchange& one : reduces_)
    part(Part::all_reduce) += one.count * one.collective.seconds(one.token_bytes * tokens);
  for (const Exchange& one : gathers_)
    part(Part::gather_scatter) += one.count * one.collective.seconds(one.token_bytes * tokens);
  for (const StateUpdate& state : states_)
    part(Part::state) +=
        state.count * (state.launch_s + state.sequence_s * (work.sequences + (work.prompt_tokens > 0 ? 1 : 0)) +
                       state.token_s * tokens);
  for (const LatentAttention& latent : latents_) part(Part::projections) += latent.projections(tokens, causes);
  if (work.sequences > 0) {
    for (const HeadAttention& attention : attentions_)
      part(Part::attention_decode) += attention.decode(work.sequences, work.context_tokens, causes);
    for (const LatentAttention& latent : latents_)
      part(Part::attention_decode) += latent.decode(work.sequences, work.context_tokens, causes);
  }
  if (work.prompt_tokens > 0) {
    const Chunk only{work.prompt_tokens, work.before_tokens};
    const auto chunks = work.chunks.empty() ? std::span(&only, 1) : work.chunks;
    for (const HeadAttention& attention : attentions_) part(Part::attention_prefill) += attention.prefill(chunks);
    for (const LatentAttention& latent : latents_) part(Part::attention_prefill) += latent.prefill(chunks);
  }
  if (const double rows = std::floor(work.sampled); rows >= 1) {
    for (const Gemm& gemm : head_) part(Part::head) += gemm.add(rows, causes);
    const double link_s = logits_.collective.seconds(logits_.token_bytes * rows) * (logits_.count > 0 ? 1 : 0);
    const double sampler_s = sampler_.launch_s + sampler_.token_s * rows;
    part(Part::head) += sampler_s + link_s;
    causes.overhead_s += sampler_s;
    causes.link_s += link_s;
  }
  if (host_factor_ > 0) {
    Work in_layers = work;  // what is outside of them stays on the card
    in_layers.sampled = 0;
    part(Part::host_weights) = host_factor_ * floor(in_layers).weights_s;
  }
  causes.weights_s += part(Part::host_weights);
  causes.compute_s += part(Part::attention_prefill);
  causes.link_s += part(Part::all_reduce) + part(Part::gather_scatter);
  causes.overhead_s += part(Part::elementwise) + part(Part::state);
  for (const double seconds : step.parts_s) step.seconds += seconds;
  return step;
}

}  // namespace roofline
