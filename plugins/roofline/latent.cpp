// Multi-head latent attention, prepared for a layout.
#include "step.hpp"

#include <algorithm>
#include <cmath>

namespace roofline {
namespace {

double projection_elements(const Group& group, double tensor) {
  double elements = 0;
  for (const Matrix& matrix : group.matrices) {
    const Shape shape = local_shape(matrix, nullptr, tensor);
    if (is_latent_projection(matrix)) elements += shape.outputs * shape.inputs;
  }
  return elements;
}

std::string projection_format(const Group& group) {
  for (const Matrix& matrix : group.matrices)
    if (matrix.role == "o") return matrix.stored->linears.compute;
  return "bf16";
}

LatentAttention::Projections projections_by(const LatentRecord& record, double elements, const Gpu& gpu) {
  return {record.launch_s, elements * record.weight_bytes / (gpu.bytes_per_s * record.memory_share),
          2 * elements / (gpu.bf16_flops * record.compute_share), 0};
}

// All but one card were timed with element-wise kernels of their own around the core, which the engine fuses.
LatentAttention::Projections decode_projections(const LatentRecord& record, double elements, const Gpu& gpu,
                                                const Shared& shared) {
  auto made = projections_by(record, elements, gpu);
  if (record.is_unfused) made.launch_s = shared.latent_decode_launch_s;
  return made;
}

LatentAttention::Projections prefill_projections(const LatentRecord& record, double elements, double row_elements,
                                                 const Gpu& gpu, const Shared& shared) {
  LatentRecord fused = record;
  if (record.is_unfused) {
    fused.launch_s = shared.latent_prefill_launch_s;
    fused.compute_share = std::min(record.compute_share, shared.latent_prefill_share_most);
    fused.activation_bytes = 0;
  }
  auto made = projections_by(fused, elements, gpu);
  made.activation_token_s = fused.activation_bytes * row_elements / gpu.bytes_per_s;
  return made;
}

}  // namespace

bool is_latent_projection(const Matrix& matrix) {
  static constexpr const char* roles[] = {"q_a", "kv_a", "qkv_a", "q", "q_b", "kv_b", "o"};
  return std::any_of(std::begin(roles), std::end(roles), [&](const char* role) { return matrix.role == role; });
}

void Step::add_latent(const LayoutQuestion& question, const Group& group) {
  const Gpu& gpu = question.gpu;
  const Shared& shared = question.settings.shared;
  const double element_bytes = kv_element_bytes(question), heads = group.query_heads / question.layout.tensor;
  const std::string kv = element_bytes <= 1 ? "fp8" : "bf16", format = projection_format(group);
  const double row = group.kv_rank + group.rope_dim, vllm = question.release.vllm;
  LatentAttention latent;
  latent.count = group.layers;
  const LatentRecord* const decode = gpu.efficiency.latent_decode_of(kv, format, vllm);
  const LatentRecord* const prefill = gpu.efficiency.latent_prefill_of(kv, format, vllm);
  const double pair_flops = 2 * heads * (group.key_dim + group.value_dim);
  latent.prefill_launch_s = shared.latent_attention_launch_s;
  latent.floor_cache_token_s = row * element_bytes / gpu.bytes_per_s;
  if (decode != nullptr && prefill != nullptr) {
    const double elements = projection_elements(group, question.layout.tensor);
    const double row_elements = question.model.hidden + heads * (group.key_dim + 2 * group.value_dim);
    latent.above_tokens = shared.latent_prefill_above_tokens;
    latent.decode_projections = decode_projections(*decode, elements, gpu, shared);
    latent.prefill_projections = prefill_projections(*prefill, elements, row_elements, gpu, shared);
    latent.floor_weights_s = elements * decode->weight_bytes / gpu.bytes_per_s;
    latent.cache_token_s = row * element_bytes / (gpu.bytes_per_s * decode->kv_memory_share);
    latent.sequence_s = decode->sequence_s;
    latent.sqrt_context_s = decode->sqrt_context_s;
    latent.compute_context_s = 2 * heads * (row + group.kv_rank) / (gpu.bf16_flops * decode->attention_compute_share);
    latent.pair_s = pair_flops / (gpu.bf16_flops * prefill->attention_compute_share);
  } else {  // the module was not measured: its products are, and heads that share one cache row
    const DecodeRecord* const heads_decode = gpu.efficiency.decode_of(kv, group.value_dim, 0, vllm);
    const PrefillRecord* const heads_prefill = gpu.efficiency.prefill_of(kv, group.value_dim, 0, vllm);
    if (heads_decode == nullptr || heads_prefill == nullptr) return;
    latent.cache_token_s = row * element_bytes / (gpu.bytes_per_s * heads_decode->memory_share);
    latent.sequence_s = heads_decode->sequence_head_s * heads;
    latent.sqrt_context_s = heads_decode->sqrt_context_s;
    latent.compute_context_s = 2 * heads * (row + group.kv_rank) / (gpu.bf16_flops * heads_prefill->compute_share);
    latent.pair_s = pair_flops / (gpu.bf16_flops * heads_prefill->compute_share);
    note_substitute("latent attention", "attention by heads");
  }
  latents_.push_back(latent);
}

}  // namespace roofline
