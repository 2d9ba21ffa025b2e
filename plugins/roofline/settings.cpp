#include "settings.hpp"

#include "engine-settings/json_fields.hpp"

#include <algorithm>
#include <stdexcept>

namespace roofline {

using namespace vw::settings;
namespace {

constexpr double us = 1e-6, ms = 1e-3, giga = 1e9, tera = 1e12;

double stored_bytes(const Json& json) {
  const double tile = number(member(json, "per"), "rows") * number(member(json, "per"), "inputs");
  const double shared_bits = number(json, "scale_bits") + number(json, "zero_bits");
  return (number(json, "bits", 16) + (tile > 0 ? shared_bits / tile : 0)) / 8;
}

// A format of two parts names the record of its experts; what is 8 bit beside them is fp8 of the same layout.
Storage read_storage(const Json& json, const std::string& compute) {
  Storage storage{compute.empty() ? "bf16" : compute, stored_bytes(json), false};
  const bool is_8_bit = number(json, "bits", 16) == 8;
  if (is_8_bit && storage.compute.find("fp4") != std::string::npos)
    storage.compute = number(member(json, "per"), "rows") > 1 ? "fp8_block" : "fp8";
  return storage;
}

std::shared_ptr<const Format> read_format(const Json& json) {
  Format format;
  static_cast<FormatScope&>(format) = read_scope(json);
  const std::string compute = text(json, "compute");
  format.linears = read_storage(member(json, "weights"), compute);
  format.experts = find(json, "experts") != nullptr ? read_storage(json.at("experts"), compute) : format.linears;
  if (const Json* const kv = find(json, "kv"); kv != nullptr)
    format.kv_bytes = (number(*kv, "bits", 16) + number(*kv, "group_bits_per_element")) / 8;
  return std::make_shared<const Format>(std::move(format));
}

// The checkpoint's own group size, and whether it brings scales of activations.
std::shared_ptr<const Format> as_declared(const Json& table, const Json& quantization) {
  Json changed = table;
  const double group_size = number(quantization, "group_size");
  for (const char* part : {"weights", "experts"})
    if (find(changed, part) != nullptr && number(member(changed[part], "per"), "inputs") > 1 && group_size > 1)
      changed[part]["per"]["inputs"] = group_size;
  Format format = *read_format(changed);
  const std::string method = text(quantization, "method");
  format.linears.is_static = format.linears.compute == "fp8" && method == "modelopt";
  return std::make_shared<const Format>(std::move(format));
}

Attention attention_of(const std::string& kind) {
  if (kind == "full" || kind == "shared") return Attention::full;  // shared: reads another layer's cache
  if (kind == "sliding") return Attention::sliding;
  if (kind == "chunked") return Attention::chunked;
  if (kind == "latent") return Attention::latent;
  return kind == "cross" ? Attention::cross : Attention::none;
}

class ModelReader {
 public:
  explicit ModelReader(const Settings& settings) : settings_(settings) {}

  Model read(const Json& json) const {
    Model model;
    model.dtype_bytes = bytes_of_dtype(text(json, "model_dtype", "bf16"));
    model.hidden = number(json, "hidden_size");
    model.vocab = number(json, "vocab_size");
    model.is_quantized = find(json, "quantization") != nullptr;
    model.declares_fp8_kv = text(member(json, "quantization"), "kv_cache_format").compare(0, 3, "fp8") == 0;
    for (const Json& group : member(json, "groups")) model.groups.push_back(read_group(group));
    for (const Group& group : model.groups)
      if (group.role == "target") model.layers += group.layers;
    model.matrices = matrices(member(json, "matrices"));
    return model;
  }

 private:
  const Format* format(const std::string& id) const {
    const auto known = settings_.stored.find(id);
    if (known == settings_.stored.end())
      throw std::runtime_error("a matrix is stored as '" + id + "', which the settings do not describe");
    return known->second.get();
  }

  std::vector<Matrix> matrices(const Json& list) const {
    std::vector<Matrix> matrices;
    for (const Json& json : list) {
      if (flag(json, "buffer")) continue;
      Matrix matrix;
      matrix.role = text(json, "role");
      matrix.outputs = number(json, "outputs");
      matrix.inputs = number(json, "inputs", 1);
      matrix.copies = number(json, "copies", 1);
      matrix.split = split_of(text(json, "split"));
      matrix.stored = format(text(json, "stored_as"));
      matrix.is_expert = matrix.role.compare(0, 8, "experts_") == 0;
      matrix.is_shared_expert = matrix.role.compare(0, 7, "shared_") == 0;
      matrices.push_back(std::move(matrix));
    }
    return matrices;
  }

  static void read_attention(const Json& json, Group& group) {
    group.attention = attention_of(text(json, "kind"));
    group.query_heads = number(json, "query_heads");
    group.kv_heads = number(json, "kv_heads");
    group.key_dim = number(json, "key_dim");
    group.value_dim = number(json, "value_dim", group.key_dim);
    group.window_tokens = number(json, "window_tokens");
    group.has_full_norm = text(json, "qk_norm") == "full";
    const Json& latent = member(json, "latent");
    group.kv_rank = number(latent, "kv_rank");
    group.rope_dim = number(latent, "rope_dim");
    group.nope_dim = number(latent, "nope_dim");
    group.indexer_dim = number(latent, "indexer_heads") > 0 ? number(latent, "indexer_dim") : 0;
  }

  // Elements of the recurrent state of one sequence: heads x width x state, however the family calls them.
  static void read_state(const Json& json, Group& group) {
    const double heads = number(json, "heads"), head_dim = number(json, "head_dim");
    group.state_inner = number(json, "inner", heads * head_dim);
    group.state_elements = group.state_inner * number(json, "state_dim", number(json, "key_dim", 1)) +
                           group.state_inner * number(json, "kernel");
    group.state_bytes = bytes_of_dtype(text(json, "state_dtype", "bf16"));
  }

  Group read_group(const Json& json) const {
    Group group;
    group.role = text(json, "role", "target");
    group.layers = static_cast<double>(member(json, "layers").size());
    read_attention(member(json, "attention"), group);
    if (const Json* const state = find(json, "state")) read_state(*state, group);
    const Json& feed_forward = member(json, "feed_forward");
    group.is_moe = text(feed_forward, "kind") == "moe";
    group.intermediate = number(feed_forward, "intermediate_size");
    group.experts = number(feed_forward, "experts");
    group.experts_per_token = number(feed_forward, "experts_per_token");
    group.shared_intermediate = number(feed_forward, "shared_intermediate_size");
    group.matrices = matrices(member(json, "matrices"));
    return group;
  }

  const Settings& settings_;
};

// The card's own lanes where they are its link, else 16 of its generation.
double host_rate(const Json& json, const Shared& shared) {
  if (flag(json, "unified_memory")) return 0;
  const Json& link = member(json, "link");
  const std::string type = text(link, "type");
  const bool is_own = type == "pcie" || type == "nvlink-c2c";
  constexpr double usual_generation = 4;
  const double generation = number(link, "pcie_generation", usual_generation);
  const auto lanes = shared.host_bytes_per_s.find(std::to_string(static_cast<int>(generation)));
  const double by_lanes = lanes == shared.host_bytes_per_s.end() ? 0 : lanes->second;
  return shared.host_share * (is_own ? number(link, "gb_s_per_direction", by_lanes / giga) * giga : by_lanes);
}

// What was measured of the card, or of the relative that stands for it.
Efficiency efficiency_of(const Json& json, const Json& measured) {
  const std::string id = text(json, "gpu");
  if (id.empty()) return {};
  Efficiency efficiency = read_efficiency(required(measured, id.c_str()));
  efficiency.is_own = text(json, "related_by").empty();
  return efficiency;
}

Gpu read_gpu(const Json& json, const Json& settings, const Shared& shared) {
  Gpu gpu;
  gpu.name = text(json, "name");
  gpu.link = text(settings, "link");
  gpu.total_gib = number(json, "memory_cuda_mib", number(json, "memory_mib")) / 1024;
  gpu.bytes_per_s = number(json, "memory_bandwidth_gb_s") * giga;
  gpu.bf16_flops = number(json, "bf16_tflops", number(json, "fp16_tflops")) * tera;
  gpu.fp8_flops = number(json, "fp8_tflops") * tera;
  gpu.fp4_flops = number(json, "fp4_tflops") * tera;
  gpu.link_bytes_per_s = number(member(json, "link"), "gb_s_per_direction") * giga;
  gpu.host_bytes_per_s = host_rate(json, shared);
  gpu.efficiency = efficiency_of(member(json, "efficiency"), member(settings, "efficiency"));
  gpu.is_foreign = text(member(json, "efficiency"), "related_by") == "vendor";
  if (gpu.efficiency.is_own) {  // what the shares were fitted to, where the datasheet is read otherwise by some percent
    gpu.bytes_per_s = gpu.efficiency.bytes_per_s;
    gpu.link_bytes_per_s = gpu.efficiency.link_bytes_per_s;
    gpu.bf16_flops = gpu.efficiency.bf16_flops;
    gpu.fp8_flops = gpu.efficiency.fp8_flops;
    gpu.fp4_flops = gpu.efficiency.fp4_flops;
  }
  return gpu;
}

Costs read_costs(const Json& json) {
  Costs costs;
  costs.vllm = version_number(text(json, "vllm"));
  costs.decode_factor = number(json, "decode_factor", 1);
  costs.mixed_factor = number(json, "mixed_factor", 1);
  costs.mixed_layer_s = number(json, "mixed_layer_ms") * ms;
  costs.step_s = number(json, "step_ms") * ms;
  costs.sequence_s = number(json, "sequence_us") * us;
  costs.arrival_s = number(json, "arrival_ms") * ms;
  costs.prompt_token_s = number(json, "prompt_token_us") * us;
  costs.first_token_s = number(json, "first_token_ms") * ms;
  costs.kernel_s = number(json, "kernel_us") * us;
  costs.kernel_memory_share = number(json, "kernel_memory_share", 1);
  costs.sampler_s = number(json, "sampler_us") * us;
  costs.sampler_bytes_per_logit = number(json, "sampler_bytes_per_logit");
  costs.router_weight = number(json, "router_weight", 1);
  costs.wait_steps = number(json, "wait_steps", costs.wait_steps);
  costs.burst_alone_prompts = number(json, "burst_alone_prompts", costs.burst_alone_prompts);
  costs.burst_decoding_share = number(json, "burst_decoding_share", costs.burst_decoding_share);
  costs.own_prompts = number(json, "own_prompts");
  costs.queue_below_prompts = number(json, "queue_below_prompts", costs.queue_below_prompts);
  costs.full_norm_kernels = number(json, "full_norm_kernels", costs.full_norm_kernels);
  return costs;
}

Shared read_shared(const Json& json) {
  Shared shared;
  for (const Json& costs : member(json, "costs")) shared.costs.push_back(read_costs(costs));
  if (shared.costs.empty()) shared.costs.emplace_back();
  for (const auto& [name, spread] : member(json, "spread").items())
    shared.spreads[name] = {number(spread, "tpot"), number(spread, "ttft")};
  for (const Json& id : member(json, "served")) shared.served.push_back(id);
  const Json& latent = member(json, "latent");
  shared.latent_decode_launch_s = number(latent, "decode_launch_us") * us;
  shared.latent_prefill_launch_s = number(latent, "prefill_launch_us") * us;
  shared.latent_prefill_share_most = number(latent, "prefill_compute_share_most", 1);
  shared.latent_attention_launch_s = number(latent, "attention_launch_us") * us;
  shared.latent_prefill_above_tokens = number(latent, "prefill_above_tokens");
  const Json& host = member(json, "host_link");
  for (const auto& [generation, rate] : member(host, "pcie_16_lanes_gb_s").items())
    shared.host_bytes_per_s[generation] = rate.get<double>() * giga;
  shared.host_share = number(host, "share", 1);
  const Json& guessed = member(json, "guessed");
  for (const auto& [method, acceptance] : member(guessed, "acceptance").items())
    shared.acceptance[method] = acceptance.get<double>();
  shared.state_kernels = number(guessed, "state_kernels");
  shared.state_compute_share = number(guessed, "state_compute_share", 1);
  shared.node_bytes_per_s = number(guessed, "node_link_gb_s", 1) * giga;
  shared.node_launch_s = number(guessed, "node_launch_us") * us;
  return shared;
}

std::vector<Tier> read_tiers(const Json& json) {
  std::vector<Tier> tiers;
  for (const Json& tier : json) tiers.push_back(read_tier(tier));
  return tiers;
}

Release read_release(const Json& json) {
  Release release;
  release.id = text(json, "id");
  release.vllm = version_number(text(json, "version", release.id));
  const Json& defaults = member(json, "defaults");
  release.takes_kv_dtype_of_checkpoint = flag(defaults, "checkpoint_kv_cache_dtype");
  release.fuses_all_reduce = flag(member(json, "memory"), "fused_all_reduce");
  release.max_sequences = read_tiers(member(defaults, "max_num_seqs"));
  release.max_batched_tokens = read_tiers(member(defaults, "max_num_batched_tokens"));
  return release;
}

void read_formats(const Json& json, Settings& settings) {
  const Json& quantization = member(required(json, "model"), "quantization");
  const std::string declared = text(quantization, "format");
  const auto read = [&](const Json& table) {
    return text(table, "id") == declared ? as_declared(table, quantization) : read_format(table);
  };
  for (const Json& table : member(json, "formats")) settings.formats.push_back(read(table));
  for (const Json& table : member(json, "kv_formats")) settings.kv_formats.push_back(read_format(table));
  for (const Json& table : member(json, "stored_formats")) settings.stored[text(table, "id")] = read(table);
  for (const auto& format : settings.formats) settings.stored.emplace(format->id, format);
  for (const auto& [id, bytes] : {std::pair{"bf16", 2.0}, {"fp16", 2.0}, {"fp32", 4.0}}) {
    Format plain;
    plain.id = id;
    plain.is_plain = true;
    plain.linears.weight_bytes = plain.experts.weight_bytes = bytes;
    settings.stored.emplace(id, std::make_shared<const Format>(plain));
  }
}

void read_speculation(const Json& json, const Json& policy, const ModelReader& reader, Settings& settings) {
  Speculation& speculation = settings.speculation;
  speculation.method = text(json, "method");
  speculation.tokens = number(json, "tokens");
  if (const Json* const draft = find(json, "model"); draft != nullptr && draft->is_object())
    speculation.draft = std::make_shared<const Model>(reader.read(*draft));
  const auto usual = settings.shared.acceptance.find(speculation.method);
  if (usual != settings.shared.acceptance.end()) speculation.acceptance = usual->second;
  speculation.is_acceptance_given = find(policy, "spec_acceptance") != nullptr;
  speculation.acceptance = std::clamp(number(policy, "spec_acceptance", speculation.acceptance), 0.0, 1.0);
}

}  // namespace

double Gpu::flops_of(const std::string& peak) const {
  if (peak == "fp8") return fp8_flops;
  return peak == "fp4" ? fp4_flops : bf16_flops;
}

const Costs& Shared::costs_of(double vllm) const {
  const Costs* best = &costs.front();
  for (const Costs& one : costs)
    if (one.vllm <= vllm && one.vllm >= best->vllm) best = &one;
  return *best;
}

Settings read_settings(std::string_view text_of_settings) {
  const Json json = Json::parse(text_of_settings);
  Settings settings;
  read_formats(json, settings);
  settings.shared = read_shared(member(json, "serving_costs"));
  const ModelReader reader(settings);
  settings.model = reader.read(required(json, "model"));
  if (const std::string dtype = text(json, "dtype"); !dtype.empty()) settings.model.dtype_bytes = bytes_of_dtype(dtype);
  for (const Json& gpu : required(json, "gpus")) settings.gpus.push_back(read_gpu(gpu, json, settings.shared));
  for (const Json& release : required(json, "releases")) settings.releases.push_back(read_release(release));
  constexpr double gib = 1024.0 * 1024 * 1024;
  settings.cpu_offload_bytes = number(member(json, "serving"), "cpu_offload_gib") * gib;
  const Json& policy = member(json, "policy");
  read_speculation(member(member(json, "serving"), "speculative"), policy, reader, settings);
  settings.prefix_hit = std::clamp(number(policy, "prefix_cache_hit"), 0.0, 0.99);
  return settings;
}

}  // namespace roofline
