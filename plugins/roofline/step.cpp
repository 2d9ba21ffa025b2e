#include "step.hpp"

#include <algorithm>
#include <cmath>

namespace roofline {
namespace {

// A kernel that only moves bytes needs fewer inputs than this: convolutions of states have 4.
constexpr double least_gemm_inputs = 16;

bool is_feed_forward(const std::string& role) { return role == "gate_up" || role == "up" || role == "down"; }

bool is_head(const Matrix& matrix) { return matrix.role == "head"; }

// The format on disk, or the one that this run puts on a 16-bit model.
const Format& format_of(const LayoutQuestion& question, const Matrix& matrix) {
  const bool is_free = matrix.stored->is_plain && !question.model.is_quantized;
  return is_free && question.format.changes(matrix.role) ? question.format : *matrix.stored;
}

// Weight-only formats and cards without the format's peak compute in 16 bit and read the bytes that are stored.
const GemmRecord* record_of(const LayoutQuestion& question, const Storage& storage, bool& is_substitute) {
  const Efficiency& efficiency = question.gpu.efficiency;
  const GemmRecord* own = efficiency.gemm_of(storage.compute, question.release.vllm);
  if (own != nullptr && question.gpu.flops_of(own->peak) > 0) return own;
  is_substitute = storage.compute != "bf16";
  return efficiency.gemm_of("bf16", question.release.vllm);
}

const ExpertsRecord* experts_record(const LayoutQuestion& question, const Storage& storage, std::string& taken) {
  const Efficiency& efficiency = question.gpu.efficiency;
  std::vector<std::string> names = {storage.compute};
  if (storage.compute == "mxfp4_w4a16") names.insert(names.begin(), "mxfp4_w4a8");  // where the card has such a kernel
  if (storage.weight_bytes < 1) names.push_back("int4_weight_only");
  names.push_back("bf16");
  for (const std::string& name : names) {
    const ExpertsRecord* record = efficiency.experts_of(name, question.release.vllm);
    if (record == nullptr || question.gpu.flops_of(record->peak) <= 0) continue;
    taken = name;
    return record;
  }
  return nullptr;
}

// A record's own bytes, unless groups or formats differ from what was measured.
double weight_bytes_of(double recorded, double stored) {
  constexpr double alike = 0.02;
  return std::abs(stored / recorded - 1) <= alike ? recorded : stored;
}

std::string kv_name(double element_bytes) { return element_bytes <= 1 ? "fp8" : "bf16"; }

double cost_of(double bytes, const LayoutQuestion& question, const Costs& costs) {
  return bytes / (question.gpu.bytes_per_s * costs.kernel_memory_share);
}

const Costs& costs_of(const LayoutQuestion& question) {
  return question.settings.shared.costs_of(question.release.vllm);
}

// With scales of the checkpoint one kernel reads 16 bit and writes 8; records of fp8 contain scales found on the way,
// which takes several.
void add_static_quantization(const LayoutQuestion& question, double inputs, Gemm& gemm) {
  constexpr double read_and_written_bytes = 3;
  const Costs& costs = costs_of(question);
  gemm.launch_s += costs.kernel_s;
  gemm.activation_token_s += cost_of(read_and_written_bytes * inputs, question, costs);
}

// Fused, the norm moves what the projections wrote anyway. As separate kernels each reads and writes 32 bit numbers,
// one half of them of the query, the other of the key.
double full_norm_bytes(const Group& group, double kernels, double tensor) {
  constexpr double fused_kernels = 2, read_and_written_bytes = 8;
  if (kernels <= fused_kernels) return 0;
  return kernels / 2 * read_and_written_bytes * (group.query_heads + group.kv_heads) / tensor * group.key_dim;
}

double heads_of_rank(double heads, double tensor) { return std::max(1.0, std::floor(heads / tensor)); }

}  // namespace

double kv_element_bytes(const LayoutQuestion& question) {
  if (question.kv_format.kv_bytes > 0) return question.kv_format.kv_bytes;
  if (question.model.declares_fp8_kv && question.release.takes_kv_dtype_of_checkpoint) return 1;
  return question.settings.model.dtype_bytes;
}

Shape local_shape(const Matrix& matrix, const Group* group, double tensor) {
  switch (matrix.split) {
    case Split::columns:
    case Split::vocabulary:
      return {matrix.outputs / tensor, matrix.inputs};
    case Split::rows:
      return {matrix.outputs, matrix.inputs / tensor};
    case Split::kv_heads: {
      if (group == nullptr || group->kv_heads <= 0) return {matrix.outputs / tensor, matrix.inputs};
      const double rows_of_head = group->key_dim + group->value_dim;
      const double query_rows = std::max(0.0, matrix.outputs - group->kv_heads * rows_of_head);
      return {query_rows / tensor + heads_of_rank(group->kv_heads, tensor) * rows_of_head, matrix.inputs};
    }
    default:
      return {matrix.outputs, matrix.inputs};
  }
}

Step::Step(const LayoutQuestion& question, bool is_draft) {
  const bool wants_mtp = is_draft && &question.model == &question.settings.model;
  const std::string role = wants_mtp ? "mtp" : "target";
  const Costs& costs = costs_of(question);
  for (const Group& group : question.model.groups)
    if (group.role == role) add_group(question, group);
  add_head(question);
  keep_on_host(question);
  sampler_.launch_s = costs.sampler_s;
  sampler_.token_s = cost_of(costs.sampler_bytes_per_logit * question.model.vocab, question, costs);
}

void Step::add_group(const LayoutQuestion& question, const Group& group) {
  layers_ += group.layers;
  add_matrices(question, group);
  add_kernels(question, group);
  add_exchanges(question, group);
  if (group.is_moe) add_experts(question, group);
  if (group.attention == Attention::latent) add_latent(question, group);
  if (group.attention == Attention::full || group.attention == Attention::sliding ||
      group.attention == Attention::chunked)
    add_attention(question, group);
  if (group.state_elements > 0) add_state(question, group);
}

void Step::add_matrices(const LayoutQuestion& question, const Group& group) {
  const bool is_latent = group.attention == Attention::latent;
  const bool has_module = is_latent && !question.gpu.efficiency.latent_decode.empty();
  for (const Matrix& matrix : group.matrices) {
    if (matrix.is_expert || matrix.split == Split::vocabulary || matrix.inputs < least_gemm_inputs) continue;
    if (has_module && is_latent_projection(matrix)) continue;
    const Part part = matrix.role == "router"        ? Part::router
                      : matrix.is_shared_expert      ? Part::shared_experts
                      : is_feed_forward(matrix.role) ? Part::dense_mlp
                                                     : Part::projections;
    const double share = part == Part::router ? costs_of(question).router_weight : 1;
    add_gemm(question, matrix, &group, part, share * group.layers * matrix.copies);
  }
}

void Step::add_gemm(const LayoutQuestion& question, const Matrix& matrix, const Group* group, Part part, double count) {
  Storage storage = format_of(question, matrix).linears;
  if (part == Part::router || matrix.stored->id == "fp32") storage = {};
  bool is_substitute = false;
  const GemmRecord* const record = record_of(question, storage, is_substitute);
  if (record == nullptr) return;
  if (is_substitute) note_substitute(storage.compute, "bf16");
  const GemmRecord* const plain = question.gpu.efficiency.gemm_of("bf16", question.release.vllm);
  const bool is_static = storage.is_static && plain != nullptr;
  const GemmRecord& traffic = is_static ? *plain : *record;
  const Shape shape = local_shape(matrix, group, question.layout.tensor);
  const double bytes_per_s = question.gpu.bytes_per_s;
  Gemm gemm;
  gemm.part = part;
  gemm.role = matrix.role;
  gemm.outputs = shape.outputs;
  gemm.inputs = shape.inputs;
  gemm.weight_bytes = weight_bytes_of(record->weight_bytes, storage.weight_bytes);
  gemm.count = count;
  gemm.launch_s = traffic.launch_s;
  gemm.read_s = shape.outputs * shape.inputs * gemm.weight_bytes / (bytes_per_s * record->memory_share);
  gemm.compute_token_s =
      2 * shape.outputs * shape.inputs / (question.gpu.flops_of(record->peak) * record->compute_share);
  gemm.blend = record->blend;
  gemm.floor_weights_s = shape.outputs * shape.inputs * gemm.weight_bytes / bytes_per_s;
  gemm.floor_compute_token_s = 2 * shape.outputs * shape.inputs / question.gpu.flops_of(record->peak);
  gemm.activation_token_s = (traffic.input_bytes * shape.inputs + traffic.output_bytes * shape.outputs) / bytes_per_s;
  if (is_static) add_static_quantization(question, shape.inputs, gemm);
  (part == Part::head ? head_ : gemms_).push_back(gemm);
}

void Step::add_head(const LayoutQuestion& question) {
  const auto& matrices = question.model.matrices;
  auto head = std::find_if(matrices.begin(), matrices.end(), is_head);
  if (head == matrices.end())  // tied to the embedding
    head = std::find_if(matrices.begin(), matrices.end(), [](const Matrix& m) { return m.role == "embedding"; });
  if (head == matrices.end()) return;
  add_gemm(question, *head, nullptr, Part::head, 1);
  std::vector<Exchange> gathered;
  exchange(question, gathered, "all-gather", question.layout.tensor, 1, 2 * question.model.vocab);
  if (!gathered.empty()) logits_ = gathered.front();
}

void Step::add_attention(const LayoutQuestion& question, const Group& group) {
  const double element_bytes = kv_element_bytes(question), width = group.key_dim + group.value_dim;
  const std::string kv = kv_name(element_bytes);
  const double window = group.attention == Attention::full ? 0 : group.window_tokens;
  const Efficiency& efficiency = question.gpu.efficiency;
  const DecodeRecord* const decode = efficiency.decode_of(kv, width / 2, window, question.release.vllm);
  const PrefillRecord* const prefill = efficiency.prefill_of(kv, width / 2, window, question.release.vllm);
  if (decode == nullptr || prefill == nullptr) return;
  const double heads = group.query_heads / question.layout.tensor;
  const double kv_heads = heads_of_rank(group.kv_heads, question.layout.tensor);
  const double bytes_per_s = question.gpu.bytes_per_s;
  HeadAttention attention;
  attention.count = group.layers;
  attention.window_tokens = window;
  attention.is_chunked = group.attention == Attention::chunked;
  attention.launch_s = decode->launch_s;
  attention.cache_token_s = kv_heads * width * element_bytes / (bytes_per_s * decode->memory_share);
  attention.floor_cache_token_s = kv_heads * width * element_bytes / bytes_per_s;
  attention.sequence_s = decode->sequence_head_s * heads;
  attention.sqrt_context_s = decode->sqrt_context_s;
  attention.prefill_launch_s = prefill->launch_s;
  attention.pair_s = 2 * heads * width / (question.gpu.bf16_flops * prefill->compute_share);
  attention.half_length_tokens = prefill->half_length_tokens;
  attention.prompt_token_s =
      width / 2 * (4 * heads + 2 * kv_heads * (2 + element_bytes)) / (bytes_per_s * prefill->memory_share);
  attentions_.push_back(attention);
}

void Step::add_state(const LayoutQuestion& question, const Group& group) {
  const Shared& shared = question.settings.shared;
  const Costs& costs = costs_of(question);
  const double tensor = question.layout.tensor;
  StateUpdate state;
  state.count = group.layers;
  state.launch_s = shared.state_kernels * costs.kernel_s;
  state.sequence_s = cost_of(2 * group.state_elements * group.state_bytes / tensor, question, costs);
  state.token_s = cost_of(shared.state_kernels * 2 * group.state_inner / tensor, question, costs) +
                  4 * group.state_elements / tensor / (question.gpu.bf16_flops * shared.state_compute_share);
  states_.push_back(state);
}

void Step::add_experts(const LayoutQuestion& question, const Group& group) {
  const Matrix* up = nullptr;
  double elements = 0;
  for (const Matrix& matrix : group.matrices) {
    if (!matrix.is_expert || matrix.inputs < least_gemm_inputs) continue;
    elements += matrix.outputs * matrix.inputs;
    if (up == nullptr) up = &matrix;
  }
  if (up == nullptr || group.experts <= 0) return;
  const Layout& layout = question.layout;
  const double all_ranks = layout.tensor * layout.data;
  const double width_ranks = layout.experts_split ? 1 : all_ranks;
  const Storage storage = format_of(question, *up).experts;
  std::string taken;
  const ExpertsRecord* const record = experts_record(question, storage, taken);
  if (record == nullptr) return;
  const bool is_same = taken == storage.compute || taken.compare(0, 5, storage.compute, 0, 5) == 0;
  if (!is_same) note_substitute(storage.compute, taken);
  const double bytes_per_s = question.gpu.bytes_per_s;
  Experts experts;
  experts.count = group.layers;
  experts.experts = group.experts;
  experts.per_token = group.experts_per_token;
  experts.ranks = layout.experts_split ? all_ranks : 1;
  experts.data_parallel = layout.data;
  experts.launch_s = record->launch_s;
  const double rank_elements = elements / width_ranks;
  experts.read_expert_s = rank_elements * weight_bytes_of(record->weight_bytes, storage.weight_bytes) /
                          (bytes_per_s * record->memory_share);
  experts.compute_row_s = 2 * rank_elements / (question.gpu.flops_of(record->peak) * record->compute_share);
  // a share above 1 means that fewer experts are touched than the formula counts
  experts.floor_expert_s = experts.read_expert_s * std::min(1.0, record->memory_share);
  experts.floor_compute_row_s = 2 * rank_elements / question.gpu.flops_of(record->peak);
  experts.pad_rows = record->pad_rows;
  experts.imbalance = record->imbalance;
  experts.token_s = record->activation_bytes * question.model.hidden / bytes_per_s;
  experts.row_s =
      record->activation_bytes * (question.model.hidden + 2 * group.intermediate / width_ranks) / bytes_per_s;
  experts_.push_back(experts);
}

// Norms, rotary embedding, activation functions: kernels that only move bytes.
void Step::add_kernels(const LayoutQuestion& question, const Group& group) {
  const Costs& costs = costs_of(question);
  const double tensor = question.layout.tensor, hidden = question.model.hidden;
  double kernels = 1, bytes = 4 * hidden;
  const bool has_heads = group.attention != Attention::none && group.attention != Attention::latent;
  if (has_heads) {
    kernels += 1;
    bytes += 4 * (group.query_heads / tensor + 2 * heads_of_rank(group.kv_heads, tensor)) *
             (group.key_dim + group.value_dim) / 2;
  }
  if (group.has_full_norm) {
    kernels += costs.full_norm_kernels;
    bytes += full_norm_bytes(group, costs.full_norm_kernels, tensor);
  }
  if (group.is_moe) {
    kernels += 1;
    bytes += 4 * hidden;
    if (group.shared_intermediate > 0) {
      kernels += 1;
      bytes += 6 * group.shared_intermediate / tensor;
    }
  } else if (group.intermediate > 0) {
    kernels += 2;
    bytes += 4 * hidden + 6 * group.intermediate / tensor;
  }
  kernels_.launch_s += group.layers * kernels * costs.kernel_s;
  kernels_.token_s += group.layers * cost_of(bytes, question, costs);
}

void Step::exchange(const LayoutQuestion& question, std::vector<Exchange>& list, const char* operation, double gpus,
                    double count, double token_bytes) {
  if (gpus <= 1) return;
  const Shared& shared = question.settings.shared;
  const Gpu& gpu = question.gpu;
  Exchange made;
  made.count = count;
  made.token_bytes = token_bytes;
  const bool spans_nodes = gpus > question.layout.gpus_per_node;
  const double in_node = std::max(2.0, std::min(gpus, question.layout.gpus_per_node));
  const CollectiveRecord* const record = gpu.efficiency.collective_of(operation, in_node);
  if (record == nullptr && !spans_nodes) return;
  if (record != nullptr) {
    const double measured = gpu.efficiency.link_bytes_per_s;
    const double scale = measured > 0 && gpu.link_bytes_per_s > 0 ? gpu.link_bytes_per_s / measured : 1;
    made.collective = {record->launch_s, record->bytes_per_s * scale, record->sqrt_byte_s / scale};
  }
  if (spans_nodes) {  // the slowest link decides; a card reaches the network by the link that it reaches others by
    const double own = record == nullptr ? shared.node_bytes_per_s : made.collective.bytes_per_s;
    made.collective.launch_s += shared.node_launch_s;
    made.collective.bytes_per_s = std::min(shared.node_bytes_per_s, own);
  }
  list.push_back(made);
}

void Step::add_exchanges(const LayoutQuestion& question, const Group& group) {
  const Layout& layout = question.layout;
  const double message = 2 * question.model.hidden;
  const bool has_mixer = group.attention != Attention::none || group.state_elements > 0;
  if (has_mixer) exchange(question, reduces_, "all-reduce", layout.tensor, group.layers, message);
  if (group.has_full_norm) exchange(question, reduces_, "all-reduce", layout.tensor, 2 * group.layers, 4);
  if (group.is_moe && layout.data > 1) {
    const double ranks = layout.tensor * layout.data;
    exchange(question, gathers_, "all-gather", ranks, group.layers, message * layout.data);
    exchange(question, gathers_, "reduce-scatter", ranks, group.layers, message * layout.data);
  } else if (group.is_moe || group.intermediate > 0) {
    exchange(question, reduces_, "all-reduce", layout.tensor, group.layers, message);
  }
}

// vLLM fills the budget of the host with layers, which are read over the link in each step: maybe_offload_to_cpu in
// vllm/model_executor/models/utils.py.
void Step::keep_on_host(const LayoutQuestion& question) {
  const Gpu& gpu = question.gpu;
  double all_s = 0;
  for (const Gemm& gemm : gemms_) all_s += gemm.count * gemm.floor_weights_s;
  for (const Experts& experts : experts_)
    all_s += experts.count * experts.experts / experts.ranks * experts.floor_expert_s;
  for (const LatentAttention& latent : latents_) all_s += latent.count * latent.floor_weights_s;
  const double kept_s = question.settings.cpu_offload_bytes * question.layout.pipeline / gpu.bytes_per_s;
  if (kept_s <= 0 || all_s <= 0 || gpu.host_bytes_per_s <= 0) return;
  host_factor_ = std::min(1.0, kept_s / all_s) * gpu.bytes_per_s / gpu.host_bytes_per_s;
}

void Step::note_substitute(const std::string& format, const std::string& taken) {
  const auto is_known = [&](const Substitute& one) { return one.format == format && one.taken == taken; };
  if (std::none_of(substitutes_.begin(), substitutes_.end(), is_known)) substitutes_.push_back({format, taken});
}

}  // namespace roofline
