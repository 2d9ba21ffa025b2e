#include "search/axes.hpp"

#include "plan/parallel.hpp"

#include <algorithm>

namespace vw {
namespace {

constexpr std::int64_t most_stages = 8;

std::int64_t cards_of_node(const Hardware& hardware) {
  return hardware.gpu.slice ? 1 : std::max<std::int64_t>(1, hardware.gpu.gpus_per_node);
}

// The widest split that this many cards can hold, as a plan without --tp takes it.
std::int64_t widest_split(const Model& model, std::int64_t cards) {
  std::int64_t widest = 1;
  for (const std::int64_t size : powers_of_two(1, cards))
    if (can_split_heads(model, size)) widest = size;
  return widest;
}

class Layouts {
 public:
  Layouts(const Axes& axes, const Model& model, const Hardware& hardware, const Request& request)
      : axes_(axes),
        model_(model),
        node_(cards_of_node(hardware)),
        nodes_(request.nodes),
        data_(request.data_parallel.value_or(1)),
        is_slice_(hardware.gpu.slice.has_value()) {}

  std::vector<Layout> find() {
    for (const std::int64_t pipeline : pipelines()) {
      if (pipeline > model_.layers) continue;
      if (axes_.gpus_per_node.is_given())
        for (const std::int64_t gpus : gpus_per_node()) add_on(gpus, pipeline);
      else
        for (const std::int64_t tensor : tensors()) add({needed(tensor, pipeline), tensor, pipeline});
    }
    return std::move(found_);
  }

 private:
  std::int64_t needed(std::int64_t tensor, std::int64_t pipeline) const {
    return (tensor * pipeline * data_ + nodes_ - 1) / nodes_;
  }
  std::vector<std::int64_t> pipelines() const {
    if (axes_.pipeline.all) return powers_of_two(1, is_slice_ ? 1 : most_stages);
    return axes_.pipeline.is_given() ? axes_.pipeline.values : std::vector<std::int64_t>{1};
  }
  std::vector<std::int64_t> tensors() const {
    const bool is_all = axes_.tensor.all || !axes_.tensor.is_given();
    return is_all ? powers_of_two(1, node_) : axes_.tensor.values;
  }
  std::vector<std::int64_t> gpus_per_node() const {
    return axes_.gpus_per_node.all ? powers_of_two(1, node_) : axes_.gpus_per_node.values;
  }
  void add_on(std::int64_t gpus, std::int64_t pipeline) {
    if (axes_.tensor.is_given()) {
      for (const std::int64_t tensor : tensors()) add({gpus, tensor, pipeline});
      return;
    }
    const std::int64_t cards = std::min(gpus, gpus * nodes_ / (pipeline * data_));
    add({gpus, widest_split(model_, is_slice_ ? 1 : cards), pipeline});
  }
  void add(const Layout& layout) {
    if (!can_split_heads(model_, layout.tensor)) return;
    if (layout.tensor * layout.pipeline * data_ > layout.gpus_per_node * nodes_) return;
    if (is_slice_ && layout.tensor * layout.pipeline > 1) return;
    found_.push_back(layout);
  }

  const Axes& axes_;
  const Model& model_;
  std::int64_t node_, nodes_, data_;
  bool is_slice_;
  std::vector<Layout> found_;
};

}  // namespace

std::vector<std::int64_t> powers_of_two(std::int64_t least, std::int64_t most) {
  std::vector<std::int64_t> powers;
  for (std::int64_t power = least; power <= most; power *= 2) powers.push_back(power);
  return powers;
}

std::vector<std::string> all_gpus(const Catalog& catalog) {
  std::vector<std::string> ids;
  for (const Gpu& gpu : GpuTable(catalog).all())
    if (gpu.vllm == "supported" && gpu.memory_mib) ids.push_back(gpu.id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<std::string> all_releases(const Catalog& catalog) {
  std::vector<std::string> versions = catalog.ids(table_kind::release);
  std::stable_sort(versions.begin(), versions.end(), [](const std::string& left, const std::string& right) {
    return compare_versions(left, right).value_or(0) < 0;
  });
  return versions;
}

std::vector<std::string> all_quantizations(const Catalog& catalog, const Model& model) {
  std::vector<std::string> ids = {"none"};
  if (model.is_quantized()) return ids;
  const auto is_stored_so = [&](const Format& format) {
    return std::any_of(model.variants.begin(), model.variants.end(),
                       [&](const Variant& variant) { return variant.format == format.id; });
  };
  for (const Format& format : all_formats(catalog)) {
    if (format.is_plain() || format.applies_to == "none") continue;
    if ((format.from_16_bit && !format.flag.empty()) || is_stored_so(format)) ids.push_back(format.id);
  }
  return ids;
}

std::vector<std::string> all_kv_cache_dtypes(const Catalog& catalog) {
  std::vector<std::string> ids = {"auto"};
  for (const Format& format : all_formats(catalog))
    if (format.kv) ids.push_back(format.id);
  return ids;
}

std::vector<std::int64_t> all_contexts(const Model& model) {
  constexpr std::int64_t least = 4096, most = 131072;
  std::vector<std::int64_t> contexts = powers_of_two(least, std::min(most, model.max_context_tokens));
  if (contexts.empty() || (contexts.back() != model.max_context_tokens && model.max_context_tokens < most))
    contexts.push_back(model.max_context_tokens);
  return contexts;
}

std::vector<Layout> layouts_on(const Axes& axes, const Model& model, const Hardware& hardware, const Request& request) {
  return Layouts(axes, model, hardware, request).find();
}

}  // namespace vw
