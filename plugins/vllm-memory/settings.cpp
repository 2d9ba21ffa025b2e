#include "settings.hpp"

#include "engine-settings/json_fields.hpp"

#include <stdexcept>

namespace vllm_memory {

using namespace vw::settings;
namespace {

Storage read_storage(const Json& json) {
  Storage storage;
  storage.bits = number(json, "bits", 16);
  storage.scale_bits = number(json, "scale_bits");
  storage.zero_bits = number(json, "zero_bits");
  storage.row_bits = number(json, "row_bits");
  storage.tensor_bits = number(json, "tensor_bits");
  storage.tile_rows = number(member(json, "per"), "rows");
  storage.tile_inputs = number(member(json, "per"), "inputs");
  storage.pad_outputs = number(member(json, "pad"), "outputs", 1);
  storage.pad_inputs = number(member(json, "pad"), "inputs", 1);
  return storage;
}

void read_kv(const Json& json, Format& format) {
  const Json* const kv = find(json, "kv");
  if (kv == nullptr) return;
  format.has_kv = true;
  format.kv_bits = number(*kv, "bits", 16);
  format.kv_bits_per_head = number(*kv, "per_head_bits");
  format.kv_group_bits_per_element = number(*kv, "group_bits_per_element");
}

std::shared_ptr<const Format> read_format(const Json& json) {
  Format format;
  static_cast<FormatScope&>(format) = read_scope(json);
  format.linears = read_storage(member(json, "weights"));
  format.experts = find(json, "experts") != nullptr ? read_storage(json.at("experts")) : format.linears;
  read_kv(json, format);
  return std::make_shared<const Format>(std::move(format));
}

// The checkpoint's own group size where it is not the format's.
std::shared_ptr<const Format> with_group_size(const Format& format, double group_size) {
  Format changed = format;
  for (Storage* storage : {&changed.linears, &changed.experts})
    if (group_size > 1 && storage->tile_inputs > 1) storage->tile_inputs = group_size;
  return std::make_shared<const Format>(std::move(changed));
}

double slices_of(const std::string& role) {
  if (role == "qkv") return 3;
  return role.ends_with("gate_up") || role == "qkv_a" ? 2 : 1;
}

class ModelReader {
 public:
  // dtype: the type of the run, empty: each model's own.
  ModelReader(Settings& settings, std::string dtype) : settings_(settings), dtype_(std::move(dtype)) {}

  Model read(const Json& json) {
    Model model;
    model.family = text(json, "family");
    model.is_gpt_oss = model.family == "gpt-oss";
    model.takes_whole_items = model.family.compare(0, 5, "gemma") == 0;  // images attend in both directions
    model.architecture = text(json, "architecture");
    model_dtype_ = text(json, "model_dtype", "bf16");
    model.dtype_bytes = bytes_of_dtype(dtype_.empty() ? model_dtype_ : dtype_);
    model.hidden = number(json, "hidden_size");
    model.vocab = number(json, "vocab_size");
    model.layers = number(json, "layers");
    model.max_context = number(json, "max_context_tokens");
    model.is_tied = flag(json, "tied_embeddings");
    model.is_quantized = find(json, "quantization") != nullptr;
    model.kv_cache_format = text(member(json, "quantization"), "kv_cache_format");
    for (const Json& group : member(json, "groups")) add_group(model, group);
    model.matrices = matrices(member(json, "matrices"));
    for (const Json& tower : member(json, "towers")) model.towers.push_back(read_tower(tower));
    for (const Json& rope : member(json, "rope"))
      model.ropes.push_back({number(rope, "rows"), number(rope, "width"), number(rope, "copies", 1)});
    model.tensors = read_placed_tensors(member(json, "tensors"));
    return model;
  }

 private:
  const Format* format(const std::string& id, double group_size) const {
    const auto known = settings_.stored.find(id);
    if (known == settings_.stored.end())
      throw std::runtime_error("a matrix is stored as '" + id + "', which the settings do not describe");
    if (group_size <= 0) return known->second.get();
    auto& grouped = settings_.stored[id + " in groups of " + std::to_string(group_size)];
    if (grouped == nullptr) grouped = with_group_size(*known->second, group_size);
    return grouped.get();
  }

  // Matrices in the model's own type are loaded in the type of the run; buffers and what is kept in another type stay.
  std::string loaded_as(const Json& matrix) const {
    const std::string stored = text(matrix, "stored_as");
    return stored == model_dtype_ && !dtype_.empty() && !flag(matrix, "buffer") ? dtype_ : stored;
  }

  std::vector<Matrix> matrices(const Json& list) const {
    std::vector<Matrix> matrices;
    for (const Json& json : list) {
      Matrix matrix;
      matrix.role = text(json, "role");
      matrix.outputs = number(json, "outputs");
      matrix.inputs = number(json, "inputs", 1);
      matrix.copies = number(json, "copies", 1);
      matrix.split = split_of(text(json, "split"));
      matrix.stored = format(loaded_as(json), number(json, "group_size"));
      matrix.is_expert = matrix.role.compare(0, 8, "experts_") == 0;
      matrix.is_linear = matrix.inputs > 1;
      matrix.slices = slices_of(matrix.role);
      matrices.push_back(std::move(matrix));
    }
    return matrices;
  }

  static Attention attention_of(const std::string& kind) {
    if (kind == "full") return Attention::full;
    if (kind == "sliding") return Attention::sliding;
    if (kind == "chunked") return Attention::chunked;
    if (kind == "latent") return Attention::latent;
    if (kind == "cross") return Attention::cross;
    return kind == "shared" ? Attention::shared : Attention::none;
  }

  static StateKind state_of(const std::string& kind) {
    if (kind == "mamba1") return StateKind::mamba1;
    if (kind == "mamba2") return StateKind::mamba2;
    if (kind == "gated-delta") return StateKind::gated_delta;
    if (kind == "kda") return StateKind::kda;
    if (kind == "linear") return StateKind::linear;
    return kind == "short-conv" ? StateKind::short_conv : StateKind::none;
  }

  static State read_state(const Json& json) {
    State state;
    state.kind = state_of(text(json, "kind"));
    state.inner = number(json, "inner");
    state.heads = number(json, "heads");
    state.head_dim = number(json, "head_dim");
    state.state_dim = number(json, "state_dim");
    state.groups = number(json, "groups", 1);
    state.kernel = number(json, "kernel");
    state.key_heads = number(json, "key_heads", state.heads);
    state.key_dim = number(json, "key_dim", state.head_dim);
    state.value_heads = number(json, "value_heads", state.heads);
    state.value_dim = number(json, "value_dim", state.head_dim);
    state.conv_bytes = bytes_of_dtype(text(json, "conv_dtype", "bf16"));
    state.state_bytes = bytes_of_dtype(text(json, "state_dtype", "bf16"));
    return state;
  }

  static void read_attention(const Json& json, Group& group) {
    group.attention = attention_of(text(json, "kind"));
    group.query_heads = number(json, "query_heads");
    group.kv_heads = number(json, "kv_heads");
    group.key_dim = number(json, "key_dim");
    group.value_dim = number(json, "value_dim");
    group.window_tokens = number(json, "window_tokens");
    const Json& latent = member(json, "latent");
    group.kv_rank = number(latent, "kv_rank");
    group.rope_dim = number(latent, "rope_dim");
    group.nope_dim = number(latent, "nope_dim");
    group.indexer_dim = number(latent, "indexer_dim");
    group.has_indexer = number(latent, "indexer_heads") > 0;
  }

  void add_group(Model& model, const Json& json) const {
    Group group;
    group.role = text(json, "role", "target");
    for (const Json& layer : member(json, "layers")) group.layers.push_back(layer.get<int>());
    read_attention(member(json, "attention"), group);
    if (const Json* const state = find(json, "state")) group.state = read_state(*state);
    const Json& feed_forward = member(json, "feed_forward");
    group.is_moe = text(feed_forward, "kind") == "moe";
    group.is_gated = flag(feed_forward, "gated", true);
    group.intermediate = number(feed_forward, "intermediate_size");
    group.experts = number(feed_forward, "experts");
    group.experts_per_token = number(feed_forward, "experts_per_token");
    group.matrices = matrices(member(json, "matrices"));
    model.has_state |= group.state.kind != StateKind::none;
    model.has_moe |= group.is_moe;
    for (const Matrix& matrix : group.matrices) {
      const double elements = matrix.outputs * matrix.inputs * matrix.copies * static_cast<double>(group.layers.size());
      if (group.role == "target" && matrix.is_expert) model.expert_params += elements;
    }
    model.groups.push_back(std::move(group));
  }

  static TowerProfile profile_of(const std::string& name) {
    if (name == "qwen2-video") return TowerProfile::qwen2_video;
    if (name == "qwen3-video") return TowerProfile::qwen3_video;
    return name == "gemma4-video" ? TowerProfile::gemma4_video : TowerProfile::plain;
  }

  Tower read_tower(const Json& json) const {
    Tower tower;
    tower.is_vision = text(json, "kind", "vision") == "vision";
    tower.layers = number(json, "layers");
    tower.hidden = number(json, "hidden_size");
    tower.intermediate = number(json, "intermediate_size", 4 * tower.hidden);
    tower.heads = number(json, "heads", 1);
    tower.patch = number(json, "patch_size", 14);
    tower.merge = number(json, "merge_size", 1);
    tower.frames = number(json, "temporal_patch_size", 1);
    tower.image = number(json, "image_size");
    tower.tokens_per_item = number(json, "tokens_per_item");
    tower.max_tokens_per_item = number(json, "max_tokens_per_item", tower.tokens_per_item);
    tower.output_levels = number(json, "output_levels", 1);
    tower.is_gated = flag(json, "gated");
    tower.profile = profile_of(text(json, "profile"));
    tower.matrices = matrices(member(json, "matrices"));
    return tower;
  }

  Settings& settings_;
  const std::string dtype_;
  std::string model_dtype_;  // of the model that is being read
};

Gpu read_gpu(const Json& json, double used_mib) {
  Gpu gpu;
  gpu.id = text(json, "id");
  gpu.name = text(json, "name");
  gpu.is_amd = text(json, "vendor") == "AMD";
  gpu.capability = number(json, "compute_capability");
  gpu.is_unified = flag(json, "unified_memory");
  gpu.total_bytes = number(json, "memory_cuda_mib", number(json, "memory_mib")) * mib;
  gpu.total_spread_bytes = number(json, "memory_cuda_spread_mib") * mib;
  gpu.total_grade = text(json, "memory_cuda_grade");
  gpu.total_source = text(json, "memory_cuda_source");
  gpu.used_bytes = (used_mib + number(json, "memory_held_mib")) * mib;
  return gpu;
}

Correction::Part read_part(const Json& json) {
  return {number(json, "ratio", 1), number(json, "add_gib") * gib, number(json, "spread_gib", -1 / gib) * gib};
}

std::shared_ptr<const Correction> read_correction(const Json& json) {
  const Json &parts = member(json, "parts"), &load = member(json, "load");
  Correction read;
  read.id = text(json, "id");
  read.weights = read_part(member(parts, "weights"));
  read.activation = read_part(member(parts, "activation"));
  read.non_torch = read_part(member(parts, "non_torch"));
  read.graphs = read_part(member(parts, "cuda_graph"));
  read.kv_spread_bytes = number(json, "kv_cache_spread_gib", -1 / gib) * gib;
  read.tensor = number(load, "tensor_parallel", 1);
  read.pipeline = number(load, "pipeline_parallel", 1);
  read.sequences = number(load, "max_num_seqs");
  read.batched_tokens = number(load, "max_num_batched_tokens");
  read.is_eager = flag(load, "enforce_eager");
  return std::make_shared<const Correction>(std::move(read));
}

// What CUDA reported of the card is known to the two decimals of a log, too.
void correct(const Json& corrections, Gpu& gpu) {
  constexpr double printed = 0.005 * gib;
  for (const Json& json : corrections) {
    if (text(json, "gpu") != gpu.id) continue;
    gpu.correction = read_correction(json);
    if (find(json, "total_gib") == nullptr) continue;
    gpu.total_bytes = number(json, "total_gib") * gib;
    gpu.total_spread_bytes = printed;
    gpu.total_grade = "logged";
    gpu.total_source = "correction '" + gpu.correction->id + "'";
  }
}

int three_valued(const Json& json, const char* key) {
  const Json* const value = find(json, key);
  return value == nullptr || !value->is_boolean() ? -1 : value->get<bool>() ? 1 : 0;
}

void read_speculation(const Json& json, ModelReader& reader, Serving& serving) {
  serving.speculative_method = text(json, "method");
  serving.speculative_tokens = number(json, "tokens");
  if (const Json* const draft = find(json, "model")) serving.draft = std::make_shared<const Model>(reader.read(*draft));
}

Serving read_serving(const Json& json, ModelReader& reader) {
  Serving serving;
  serving.offline = flag(json, "offline_class");
  serving.runner = text(json, "runner");
  serving.lora_slots = number(member(json, "lora"), "slots");
  serving.lora_rank = number(member(json, "lora"), "rank", 16);
  read_speculation(member(json, "speculative"), reader, serving);
  const Json& limits = member(json, "limit_mm_per_prompt");
  serving.images_per_prompt = number(limits, "image", serving.images_per_prompt);
  serving.videos_per_prompt = number(limits, "video", serving.videos_per_prompt);
  serving.is_pooling = flag(json, "pooling");
  serving.language_model_only = flag(json, "language_model_only");
  serving.skip_encoder_profile = flag(json, "skip_mm_profiling");
  serving.encoder_data_parallel = text(json, "mm_encoder_tp_mode") == "data";
  serving.cpu_offload_bytes = number(json, "cpu_offload_gib") * gib;
  serving.kv_cache_bytes = number(json, "kv_cache_memory_bytes");
  serving.hybrid_groups = !flag(json, "disable_hybrid_kv_cache_manager");
  serving.async_scheduling = three_valued(json, "async_scheduling");
  serving.prefix_caching = three_valued(json, "enable_prefix_caching");
  serving.cudagraph_cap = number(json, "max_cudagraph_capture_size");
  serving.performance_factor = text(json, "performance_mode") == "throughput" ? 2 : 1;
  for (const Json& layers : member(json, "pipeline_layers")) serving.stage_layers.push_back(layers.get<int>());
  for (const Json& total : member(json, "stage_total_gib"))
    serving.stage_total_bytes.push_back(total.get<double>() * gib);
  return serving;
}

void read_formats(const Json& json, Settings& settings) {
  const double group_size = number(member(required(json, "model"), "quantization"), "group_size");
  const std::string declared = text(member(required(json, "model"), "quantization"), "format");
  const auto read = [&](const Json& table) {
    auto format = read_format(table);
    return format->id == declared ? with_group_size(*format, group_size) : format;
  };
  for (const Json& table : member(json, "formats")) settings.formats.push_back(read(table));
  for (const Json& table : member(json, "kv_formats")) settings.kv_formats.push_back(read_format(table));
  for (const Json& table : member(json, "stored_formats")) settings.stored[text(table, "id")] = read(table);
  for (const auto& format : settings.formats) settings.stored.emplace(format->id, format);
  for (const auto& [id, bits] : {std::pair{"bf16", 16.0}, {"fp16", 16.0}, {"fp32", 32.0}}) {
    Format plain;
    plain.id = id;
    plain.is_plain = true;
    plain.linears.bits = plain.experts.bits = bits;
    settings.stored.emplace(id, std::make_shared<const Format>(plain));
  }
}

}  // namespace

Settings read_settings(std::string_view text_of_settings) {
  const Json json = Json::parse(text_of_settings);
  Settings settings;
  read_formats(json, settings);
  ModelReader reader(settings, text(json, "dtype"));
  settings.model = reader.read(required(json, "model"));
  for (const Json& gpu : required(json, "gpus"))
    settings.gpus.push_back(read_gpu(gpu, number(json, "memory_used_mib")));
  for (Gpu& gpu : settings.gpus) correct(member(json, "corrections"), gpu);
  for (const Json& release : required(json, "releases")) settings.releases.push_back(read_release(release));
  settings.serving = read_serving(member(json, "serving"), reader);
  for (const auto& [key, option] :
       {std::pair{"overhead_gib", "--overhead-gb"}, {"fragmentation_factor", "--fragmentation-factor"}})
    if (find(member(json, "policy"), key) != nullptr) settings.unused_options.emplace_back(option);
  settings.headroom_bytes = number(member(json, "policy"), "headroom_gib") * gib;
  return settings;
}

}  // namespace vllm_memory
