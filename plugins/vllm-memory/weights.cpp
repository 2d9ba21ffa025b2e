#include "weights.hpp"

#include <cmath>
#include <numeric>
#include <string>

namespace vllm_memory {
namespace {

// What torch's allocator charges: large requests get a segment of their own, the rest of which is split off only when
// it is worth it.
double charged(double bytes, const Release& release) {
  const double large = release.number("allocator_large_bytes"), round = release.number("allocator_round_bytes", 1);
  if (bytes < large) return round_up(bytes, release.number("allocator_small_round_bytes", 1));
  const double rounded = round_up(bytes, round);
  return rounded - bytes <= release.number("allocator_remainder_bytes") ? rounded : bytes;
}

// The shape of a matrix on one rank; copies of experts are one tensor.
struct Local {
  double outputs, inputs, copies;
};

double share(double size, double ranks) { return std::ceil(size / ranks); }

Local experts_of_rank(const Matrix& matrix, const Layout& layout) {
  if (layout.experts_split)
    return {matrix.outputs, matrix.inputs, std::ceil(matrix.copies / (layout.tensor * layout.data))};
  const double ranks = layout.tensor * layout.data;  // without expert parallelism the experts are split over both
  const bool is_down = matrix.role.compare(0, 12, "experts_down") == 0;
  if (is_down && matrix.inputs <= 1) return {matrix.outputs, matrix.inputs, matrix.copies};  // biases of outputs
  if (is_down) return {matrix.outputs, share(matrix.inputs, ranks), matrix.copies};
  return {share(matrix.outputs, ranks), matrix.inputs, matrix.copies};
}

double vocabulary_rows(double rows, const Release& release, double tensor) {
  const double step = release.number("vocab_padding", 64);
  const auto least_common = std::lcm(static_cast<long long>(step),
                                     release.flag("vocab_padding_with_tp") ? static_cast<long long>(tensor) : 1);
  return round_up(rows, static_cast<double>(least_common)) / tensor;
}

Local local_shape(const Matrix& matrix, const Group* group, const WeightsQuestion& question) {
  const double tensor = question.layout.tensor;
  switch (matrix.split) {
    case Split::columns:
      return {share(matrix.outputs, tensor), matrix.inputs, matrix.copies};
    case Split::rows:
      return {matrix.outputs, share(matrix.inputs, tensor), matrix.copies};
    case Split::kv_heads: {
      if (group == nullptr) return {share(matrix.outputs, tensor), matrix.inputs, matrix.copies};  // a tower's heads
      const QkvRows rows = qkv_rows(*group, matrix.outputs);
      const double kv_share = group->kv_heads > 0 ? std::max(1.0, group->kv_heads / tensor) / group->kv_heads : 0;
      return {share(rows.query, tensor) + std::ceil(rows.kv * kv_share), matrix.inputs, matrix.copies};
    }
    case Split::experts:
      return experts_of_rank(matrix, question.layout);
    case Split::vocabulary:
      return {vocabulary_rows(matrix.outputs, question.release, tensor), matrix.inputs, matrix.copies};
    case Split::none:
      break;
  }
  return {matrix.outputs, matrix.inputs, matrix.copies};
}

// Below 8.9 Marlin spreads the scales of 128 x 128 blocks over the rows, 16 bits each.
Storage on_card(Storage storage, const Gpu& gpu) {
  const bool is_block = storage.bits == 8 && storage.tile_rows == 128 && storage.tile_inputs == 128;
  if (is_block && gpu.capability > 0 && gpu.capability < 8.9) {
    storage.tile_rows = 1;
    storage.scale_bits = 16;
  }
  return storage;
}

double tiles(double size, double tile) { return tile > 0 ? divide_up(size, tile) : 1; }

double tensor_bytes(const Local& shape, const Storage& storage, const Release& release, bool is_expert) {
  const double outputs = round_up(shape.outputs, storage.pad_outputs);
  const double inputs = round_up(shape.inputs, storage.pad_inputs);
  const double together = is_expert ? shape.copies : 1;  // experts of a layer are one tensor
  const double count = is_expert ? 1 : shape.copies;
  const double tile_count = tiles(outputs, storage.tile_rows) * tiles(inputs, storage.tile_inputs) * together;
  double bytes = charged(outputs * inputs * together * storage.bits / 8, release);
  for (const double bits : {storage.scale_bits, storage.zero_bits})
    if (bits > 0) bytes += charged(tile_count * bits / 8, release);
  if (storage.row_bits > 0) bytes += charged(outputs * together * storage.row_bits / 8, release);
  if (storage.tensor_bits > 0) bytes += charged(together * storage.tensor_bits / 8, release);
  return bytes * count;
}

// Expert matrices in MXFP4 are padded before they are stored, by the kernel of the card.
std::string mxfp4_kernel(const Gpu& gpu) {
  if (gpu.is_amd) return "rocm";
  if (gpu.capability >= 10.0 && gpu.capability < 12.0) return "trtllm";
  return gpu.capability >= 9.0 && gpu.capability < 10.0 ? "hopper" : "marlin";
}

Local padded_expert(const Local& shape, const Matrix& matrix, const Release& release, const std::string& kernel) {
  const double hidden = release.number("mxfp4_padding." + kernel + ".hidden", 1);
  const double inner = release.number("mxfp4_padding." + kernel + ".intermediate", 1);
  const bool is_down = matrix.role.compare(0, 12, "experts_down") == 0;
  Local padded = shape;
  if (is_down) {
    padded.outputs = round_up(shape.outputs, hidden);
    if (shape.inputs > 1) padded.inputs = round_up(shape.inputs, inner);
  } else {
    padded.outputs = matrix.slices * round_up(shape.outputs / matrix.slices, inner);
    if (shape.inputs > 1) padded.inputs = round_up(shape.inputs, hidden);
  }
  return padded;
}

class StageCounter {
 public:
  explicit StageCounter(const WeightsQuestion& question) : question_(question) {}

  Interval matrix(const Matrix& matrix, const Group* group, bool in_mxfp4_layer) const {
    const Format& format = stored_in(matrix, group);
    const Local shape = local_shape(matrix, group, question_);
    if (matrix.is_expert && in_mxfp4_layer) return mxfp4(matrix, shape, format);
    const Storage storage = on_card(matrix.is_expert ? format.experts : format.linears, question_.gpu);
    const Local stored = matrix.is_expert ? marlin_expert(matrix, shape, storage) : shape;
    const double bytes = tensor_bytes(stored, storage, question_.release, matrix.is_expert) + lora(matrix, shape);
    return around(bytes, spread(matrix, format, storage));
  }

  // The format on disk, or the one that this run puts on a 16-bit model.
  // Layers that predict further tokens are left in 16 bit.
  const Format& stored_in(const Matrix& matrix, const Group* group = nullptr) const {
    const bool is_left = group != nullptr && group->role == "mtp";
    const bool is_stored_so = !matrix.stored->is_plain || question_.settings.model.is_quantized || is_left;
    if (is_stored_so || !question_.format.changes(matrix.role) || !matrix.is_linear) return *matrix.stored;
    return question_.format;
  }

  bool is_mxfp4(const Group& group) const {
    for (const Matrix& matrix : group.matrices)
      if (matrix.is_expert && stored_in(matrix).id == "mxfp4") return true;
    return false;
  }

 private:
  Interval mxfp4(const Matrix& matrix, const Local& shape, const Format& format) const {
    const auto bytes_with = [&](const std::string& kernel) {
      const Local padded = padded_expert(shape, matrix, question_.release, kernel);
      return tensor_bytes(padded, format.experts, question_.release, true);
    };
    const std::string kernel = mxfp4_kernel(question_.gpu);
    const double best = bytes_with(kernel);
    if (kernel != "hopper") return around(best, question_.release.number("spread.weights.mxfp4"));
    return {best, bytes_with("triton"), bytes_with("marlin")};  // which kernel an image picks is not in its flags
  }

  // A format that the run puts on is as it is usually made; which matrices a build leaves out is not known. What the
  // headers show is as sure as 16 bit.
  double spread(const Matrix& matrix, const Format& format, const Storage& storage) const {
    const bool is_seen = question_.settings.model.tensors.is_exact && &format == matrix.stored;
    const bool is_assumed = !format.is_plain && matrix.stored->is_plain;
    const char* const assumed = storage.bits < 8 ? "spread.weights.assumed_4_bit" : "spread.weights.assumed_8_bit";
    const char* const known = format.is_plain || is_seen ? "spread.weights.plain" : "spread.weights.declared";
    return question_.release.number(is_assumed ? assumed : known);
  }

  // Marlin wants expert widths in whole tiles.
  Local marlin_expert(const Matrix& matrix, Local shape, const Storage& storage) const {
    const double step = question_.release.number("w4a16_expert_padding", 1);
    if (storage.bits > 4.5 || storage.bits == 16 || storage.tile_inputs < 32 || shape.inputs <= 1) return shape;
    if (matrix.role == "experts_down")
      shape.inputs = round_up(shape.inputs, step);
    else
      shape.outputs = matrix.slices * round_up(shape.outputs / matrix.slices, step);
    return shape;
  }

  // Slots for adapters: A reads the inputs, B writes the outputs; A of a column-split matrix is on every rank.
  double lora(const Matrix& matrix, const Local& shape) const {
    const Serving& serving = question_.settings.serving;
    const bool wrapped =
        serving.lora_slots > 0 && matrix.is_linear && !matrix.is_expert &&
        (matrix.split == Split::columns || matrix.split == Split::rows || matrix.split == Split::kv_heads) &&
        matrix.role.compare(0, 6, "tower_") != 0;
    if (!wrapped) return 0;
    const double elements = serving.lora_rank * (matrix.slices * shape.inputs + shape.outputs);
    return serving.lora_slots * elements * question_.settings.model.dtype_bytes;
  }

  const WeightsQuestion& question_;
};

// A dequantized copy of kv_b stays beside a quantized one: latent attention absorbs it into both projections.
double absorbed_copies(const Group& group, const StageCounter& counter, double tensor) {
  if (group.attention != Attention::latent) return 0;
  for (const Matrix& matrix : group.matrices)
    if (matrix.role == "kv_b" && !counter.stored_in(matrix).is_plain)
      return group.kv_rank * group.query_heads / tensor * (group.nope_dim + group.value_dim) * 2;
  return 0;
}

Interval layers_weights(const WeightsQuestion& question, const StageCounter& counter, const Group& group,
                        double count) {
  Interval one = Interval::exactly(absorbed_copies(group, counter, question.layout.tensor));
  const bool is_mxfp4 = counter.is_mxfp4(group);
  for (const Matrix& matrix : group.matrices) one += counter.matrix(matrix, &group, is_mxfp4);
  return one * count;
}

bool is_loaded(const Group& group, const Serving& serving) {
  return group.role == "target" || (group.role == "mtp" && serving.speculative_method == "mtp");
}

double layers_within(const Group& group, const std::pair<int, int>& stage, bool is_last) {
  if (group.role != "target") return is_last ? static_cast<double>(group.layers.size()) : 0;
  double count = 0;
  for (const int layer : group.layers) count += layer >= stage.first && layer < stage.second ? 1 : 0;
  return count;
}

bool is_at_start(const Matrix& matrix) { return matrix.role == "embedding" || matrix.role == "position_embedding"; }

Interval model_matrices(const WeightsQuestion& question, const StageCounter& counter, bool is_first, bool is_last) {
  const bool has_tied_copy = question.settings.model.is_tied && question.layout.pipeline > 1;
  Interval sum;
  for (const Matrix& matrix : question.settings.model.matrices) {
    const bool is_here =
        is_at_start(matrix) ? is_first || (is_last && has_tied_copy && matrix.role == "embedding") : is_last;
    if (is_here) sum += counter.matrix(matrix, nullptr, false);
  }
  return sum;
}

double rope_tables(const WeightsQuestion& question) {
  double bytes = 0;
  for (const Rope& rope : question.settings.model.ropes)
    bytes += charged(rope.rows * rope.width * rope.copies * question.settings.model.dtype_bytes, question.release);
  return bytes;
}

// Towers lie on the first stage.
Interval towers(const WeightsQuestion& question, const StageCounter& counter) {
  Interval sum;
  if (question.settings.serving.language_model_only) return sum;
  for (const Tower& tower : question.settings.model.towers)
    for (const Matrix& matrix : tower.matrices) sum += counter.matrix(matrix, nullptr, false);
  return sum;
}

Interval draft_weights(const WeightsQuestion& question) {
  const Serving& serving = question.settings.serving;
  if (serving.draft == nullptr) return {};
  const Model& target = question.settings.model;
  WeightsQuestion own = question;
  own.layout.pipeline = 1;
  const StageCounter counter(own);
  Interval sum;
  for (const Group& group : serving.draft->groups)
    sum += layers_weights(own, counter, group, static_cast<double>(group.layers.size()));
  const bool is_head_only = serving.speculative_method.compare(0, 5, "eagle") == 0;
  for (const Matrix& matrix : serving.draft->matrices) {
    // embedding and head of the same shape are the target's
    const bool shared = is_head_only && matrix.split == Split::vocabulary && matrix.outputs == target.vocab &&
                        matrix.inputs == target.hidden;
    if (!shared) sum += counter.matrix(matrix, nullptr, false);
  }
  return sum;
}

Interval less_offloaded(Interval weights, double offload) {
  const double moved = std::min(offload, weights.best);
  return {weights.best - moved, std::max(0.0, weights.low - moved), std::max(0.0, weights.high - moved)};
}

}  // namespace

namespace {

bool is_cut(double size, double tile) { return tile > 1 && std::fmod(size, tile) != 0; }

std::string cut_matrix(const Matrix& matrix, const Group& group, const WeightsQuestion& question,
                       const StageCounter& counter) {
  const Format& format = counter.stored_in(matrix);
  const Storage& storage = matrix.is_expert ? format.experts : format.linears;
  const bool has_blocks = storage.tile_rows > 1 && storage.tile_inputs > 1;
  const bool is_checked =
      !format.is_plain && matrix.is_linear && matrix.split != Split::vocabulary && (has_blocks || !matrix.is_expert);
  if (!is_checked) return "";
  const Local local = local_shape(matrix, &group, question);
  const double rows = local.outputs / matrix.slices;
  const auto sentence = [&](double size, double tile) {
    return matrix.role + " of " + std::to_string(static_cast<long long>(size)) + " on each rank is no multiple of " +
           std::to_string(static_cast<long long>(tile)) + ", the block of its scales";
  };
  const bool is_split_rows = local.outputs != matrix.outputs && matrix.split != Split::kv_heads;
  if (has_blocks && is_split_rows && is_cut(rows, storage.tile_rows)) return sentence(rows, storage.tile_rows);
  const bool is_split_inputs = local.inputs != matrix.inputs;
  return is_split_inputs && is_cut(local.inputs, storage.tile_inputs) ? sentence(local.inputs, storage.tile_inputs)
                                                                      : "";
}

}  // namespace

std::string split_obstacle(const WeightsQuestion& question) {
  const StageCounter counter(question);
  const double tensor = question.layout.tensor;
  for (const Group& group : question.settings.model.groups) {
    if (group.role != "target") continue;
    const double most = std::max(group.kv_heads, tensor), least = std::min(group.kv_heads, tensor);
    if (group.attention != Attention::latent && least > 0 && std::fmod(most, least) != 0)
      return std::to_string(static_cast<int>(group.kv_heads)) + " key-value heads cannot be shared evenly by " +
             std::to_string(static_cast<int>(tensor)) + " ranks";
    for (const Matrix& matrix : group.matrices)
      if (std::string why = cut_matrix(matrix, group, question, counter); !why.empty()) return why;
  }
  return "";
}

double output_buffers_per_token(const Settings& settings) {
  double bytes = 0;
  if (settings.serving.language_model_only) return bytes;
  for (const Tower& tower : settings.model.towers) bytes += (tower.output_levels - 1) * settings.model.hidden * 2;
  return bytes;
}

QkvRows qkv_rows(const Group& group, double outputs) {
  const double query = group.query_heads * group.key_dim;
  const double with_values = group.kv_heads * (group.key_dim + group.value_dim);
  const double keys_only = group.kv_heads * group.key_dim;  // values are the keys
  for (const double kv : {with_values, keys_only})
    for (const double gate : {1.0, 2.0})
      if (query * gate + kv == outputs) return {query * gate, kv};
  return {outputs - std::min(outputs, with_values), std::min(outputs, with_values)};
}

std::vector<std::pair<int, int>> stages_of(int layers, int stages, const std::vector<int>& given) {
  std::vector<int> counts(static_cast<std::size_t>(stages), layers / stages);
  // the rest goes one each to the stages before the last, from the end
  for (int rest = layers % stages, at = stages - 2; rest > 0; --rest, at = at > 0 ? at - 1 : stages - 1)
    ++counts[static_cast<std::size_t>(at < 0 ? 0 : at)];
  if (static_cast<int>(given.size()) == stages) counts = given;
  std::vector<std::pair<int, int>> ranges;
  int first = 0;
  for (const int count : counts) {
    ranges.emplace_back(first, first + count);
    first += count;
  }
  return ranges;
}

Interval stage_weights(const WeightsQuestion& question, int stage) {
  const Model& model = question.settings.model;
  const int stages = static_cast<int>(question.layout.pipeline);
  const auto ranges = stages_of(static_cast<int>(model.layers), stages, question.settings.serving.stage_layers);
  const bool is_first = stage == 0, is_last = stage == stages - 1;
  const StageCounter counter(question);
  Interval sum = model_matrices(question, counter, is_first, is_last);
  for (const Group& group : model.groups)
    if (is_loaded(group, question.settings.serving))
      sum += layers_weights(question, counter, group,
                            layers_within(group, ranges[static_cast<std::size_t>(stage)], is_last));
  const StageRange here{ranges[static_cast<std::size_t>(stage)], is_first, is_last};
  sum += Interval::exactly(unexplained_bytes(model.tensors, question.settings.serving, here));
  sum += Interval::exactly(rope_tables(question));
  if (is_first) sum += towers(question, counter);
  if (is_last) sum += draft_weights(question);
  return less_offloaded(sum, question.settings.serving.cpu_offload_bytes);
}

}  // namespace vllm_memory
