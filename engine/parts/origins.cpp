#include "parts/origins.hpp"

#include "parts/catalog.hpp"

#include <algorithm>

namespace vw {
namespace {

const KindFolder defaults{table_kind::defaults, "", "defaults"};

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return "";
  return path.substr(0, std::max<std::size_t>(slash, path == "/" ? 0 : 1));
}

std::string_view name_of_path(std::string_view path) { return path.substr(path.rfind('/') + 1); }

}  // namespace

const std::vector<KindFolder>& kind_folders() {
  static const std::vector<KindFolder> folders{
      {table_kind::quantization, "quantization", "quantization"},
      {table_kind::release, "releases", "release"},
      {table_kind::models, "models", "models"},
      {table_kind::gpu, "gpus", "gpu"},
      {table_kind::log, "logs", "log"},
      {table_kind::correction, "corrections", "correction"},
      {VW_KIND_MODEL_FAMILY, "families", "family"},
      {VW_KIND_METADATA_SOURCE, "sources", "source"},
      {VW_KIND_GPU_DETECTOR, "detectors", "detector"},
      {VW_KIND_MEMORY_MODEL, "memory", "memory_model"},
      {VW_KIND_PERF_HEURISTIC, "perf", "perf_heuristic"},
      {VW_KIND_RENDERER, "renderers", "renderer"},
      {VW_KIND_SERVER_PROBE, "probes", "probe"},
  };
  return folders;
}

const KindFolder* find_folder(std::string_view folder) {
  for (const KindFolder& known : kind_folders())
    if (known.folder == folder) return &known;
  return nullptr;
}

const KindFolder* find_kind(std::string_view kind) {
  for (const KindFolder& known : kind_folders())
    if (known.kind == kind || short_kind(known.kind) == kind) return &known;
  return kind == defaults.kind ? &defaults : nullptr;
}

const KindFolder* find_constructor(std::string_view constructor) {
  for (const KindFolder& known : kind_folders())
    if (known.constructor == constructor) return &known;
  return constructor == defaults.constructor ? &defaults : nullptr;
}

std::string search_folder(std::string_view path) {
  std::string_view folder = folder_of(path);
  if (find_folder(name_of_path(folder)) != nullptr) folder = folder_of(folder);
  const std::string_view name = name_of_path(folder);
  if (name == "plugins" || name == "scripts" || name == "gpu-db") folder = folder_of(folder);
  return std::string(folder);
}

}  // namespace vw
