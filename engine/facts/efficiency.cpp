#include "facts/efficiency.hpp"

#include "base/text.hpp"

namespace vw {
namespace {

constexpr const char* shared_id = "_shared";

// The card that stands for another: by compute capability, else by vendor, else the one that the table names.
std::string relative_of(const JsonReader& relatives, const Gpu& gpu, std::string& related_by) {
  related_by = "capability";
  std::string found;
  if (gpu.compute_capability) {
    for (const JsonReader& step : relatives.at("by_compute_capability").items())
      if (step.at("from").number(0, 99) <= *gpu.compute_capability) found = step.at("gpu").string();
  }
  if (!found.empty()) return found;
  related_by = "vendor";
  const JsonReader vendors = relatives.at("by_vendor");
  return vendors.has(gpu.vendor) ? vendors.at(gpu.vendor).string() : relatives.at("otherwise").string();
}

}  // namespace

Efficiency find_efficiency(const Catalog& catalog, const Part& heuristic, const Gpu& gpu) {
  Efficiency efficiency;
  if (heuristic.is_script() || !catalog.has(table_kind::efficiency, shared_id)) return efficiency;
  efficiency.serving_costs = catalog.table(table_kind::efficiency, shared_id);
  std::string measured = gpu.id;
  const JsonReader shared(*efficiency.serving_costs, "gpu-db/efficiency/_shared.json");
  if (!catalog.has(table_kind::efficiency, gpu.id))
    measured = relative_of(shared.at("relatives"), gpu, efficiency.related_by);
  efficiency.record = catalog.table(table_kind::efficiency, measured);
  return efficiency;
}

EfficiencyOf efficiency_from(const Catalog& catalog, const Part& heuristic) {
  return [&](const Gpu& gpu) { return find_efficiency(catalog, heuristic, gpu); };
}

void index_efficiency(const std::string& folder, Origin::Rank rank, const Files& files, Catalog& catalog) {
  for (const std::string& name : files.list(folder + "/efficiency")) {
    if (!name.ends_with(".json")) continue;
    const std::string path = folder + "/efficiency/" + name;
    const std::string id = name.substr(0, name.size() - 5);
    const auto load = [path, id, &files]() -> Loaded {
      const Json file = parse_json(read_file(files, path, path), path);
      return std::make_shared<const Json>(id == shared_id ? file : read_efficiency_file(file, path, id));
    };
    catalog.add(table_kind::efficiency, id, {rank, path, ""}, load);
  }
}

}  // namespace vw
