#include "cli/pack_alternatives.hpp"

#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

namespace vw::cli {
namespace {

constexpr std::size_t most_sizes = 2;  // of each model

// Of a weight; 0 where its format does not say.
double bits_of(const Format& format) {
  const auto weights = format.json.find("weights");
  return weights == format.json.end() ? 0 : weights->value("bits", 0.0);
}

double bits_of(const Tenant& tenant) { return bits_of(tenant.weights().format); }

// A model in 16 bit: itself, or what it was made of. Empty: nobody knows.
std::string base_of(const Tenant& tenant) {
  const Model& model = tenant.scenario.model;
  return model.is_quantized() ? model.base : model.id;
}

// The model with weights of so many bits; empty: no way is known.
std::optional<SharedModel> in_bits(const SharedGround& ground, const Tenant& tenant, SharedModel model, double bits) {
  if (bits_of(tenant) == bits) return model;
  model.model = base_of(tenant);
  model.name.clear();
  model.share.reset();
  if (model.model.empty()) return std::nullopt;
  Request request = ground.request;
  request.model = model.model;
  request.quantization = model.quantization = "none";
  request.gpu_memory_utilization.reset();
  const Scenario scenario = gather(ground.workspace.catalog(), ground.workspace.defaults(), request,
                                   {nullptr, &ground.hardware, &ground.release});
  for (const WeightChoice& choice : scenario.weights) {
    if (bits_of(choice.format) != bits || choice.is_missing) continue;
    if (!choice.format.is_plain()) model.quantization = choice.format.id;
    return model;
  }
  return std::nullopt;
}

PackAlternative all_in_bits(const SharedGround& ground, const PackedSet& set, double bits) {
  PackAlternative alternative{fmt::format("all {:g} bit", bits), {}, "", {}};
  std::vector<SharedModel> models;
  for (std::size_t i = 0; i < set.tenants.size(); ++i) {
    const auto model = in_bits(ground, set.tenants[i], set.models[i], bits);
    if (!model) {
      alternative.why = fmt::format("no {:g}-bit form of {} is known", bits, set.models[i].name);
      return alternative;
    }
    models.push_back(*model);
  }
  alternative.set = pack_set(ground, std::move(models));
  return alternative;
}

bool is_all_in_bits(const PackedSet& set, double bits) {
  return std::all_of(set.tenants.begin(), set.tenants.end(),
                     [&](const Tenant& tenant) { return bits_of(tenant) == bits; });
}

PackAlternative with_size(const SharedGround& ground, const PackedSet& set, std::size_t at, const std::string& size) {
  std::vector<SharedModel> models = set.models;
  models[at].model = size;
  models[at].name.clear();
  models[at].share.reset();
  PackedSet other = pack_set(ground, std::move(models));
  const std::string what = fmt::format("{} for {}", other.models[at].name, set.models[at].name);
  return {what, std::move(other), "", at};
}

// What cannot be planned is no alternative, and why is said.
template <class Make>
void add(std::vector<PackAlternative>& found, const std::string& what, const Make& make) {
  try {
    found.push_back(make());
  } catch (const Error& error) {
    found.push_back({what, {}, error.what(), {}});
  }
}

}  // namespace

std::vector<PackAlternative> pack_alternatives(const SharedGround& ground, const PackedSet& set) {
  std::vector<PackAlternative> found;
  for (const double bits : {16.0, 8.0, 4.0})
    if (!is_all_in_bits(set, bits))
      add(found, fmt::format("all {:g} bit", bits), [&] { return all_in_bits(ground, set, bits); });
  for (std::size_t at = 0; at < set.tenants.size(); ++at) {
    const std::vector<std::string>& sizes = set.tenants[at].scenario.model.sizes;
    for (std::size_t i = 0; i < std::min(sizes.size(), most_sizes); ++i)
      add(found, sizes[i], [&] { return with_size(ground, set, at, sizes[i]); });
  }
  return found;
}

}  // namespace vw::cli
