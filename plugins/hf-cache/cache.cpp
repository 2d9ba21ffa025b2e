#include "cache.hpp"

#include "model-folder/files.hpp"
#include "model-folder/hub_names.hpp"
#include "model-folder/model_folder.hpp"

namespace vw::hub_cache {

namespace {

using checkpoint::environment;
using checkpoint::expanded;
using checkpoint::hub_folder;
using checkpoint::is_hub_revision;
using checkpoint::joined;

const std::string models_prefix = "models--";

std::string commit_of(const std::string& model_folder, const std::string& revision) {
  constexpr std::uint64_t most_ref_bytes = 256;
  const auto path = joined(joined(model_folder, "refs"), revision);
  if (!checkpoint::disk().is_file(path)) return revision;
  auto commit = checkpoint::read_text(checkpoint::disk(), path, most_ref_bytes);
  while (!commit.empty() && (commit.back() == '\n' || commit.back() == '\r' || commit.back() == ' ')) commit.pop_back();
  return commit.find('/') == std::string::npos && is_hub_revision(commit) ? commit : "";
}

std::optional<Snapshot> usable(const std::string& model_folder, const std::string& id, const std::string& commit) {
  if (commit.empty() || commit.find('/') != std::string::npos) return std::nullopt;
  const auto folder = joined(joined(model_folder, "snapshots"), commit);
  if (!checkpoint::has_config(checkpoint::disk(), folder)) return std::nullopt;
  return Snapshot{id, folder, commit};
}

// "models--org--name" -> "org/name"; empty for data sets, spaces and strangers.
std::string id_of(const std::string& folder) {
  if (!folder.starts_with(models_prefix)) return "";
  auto id = folder.substr(models_prefix.size());
  if (const auto separator = id.find("--"); separator != std::string::npos)
    id = id.substr(0, separator) + '/' + id.substr(separator + 2);
  return hub_folder(id) == folder ? id : "";
}

std::optional<Snapshot> any_snapshot(const std::string& model_folder, const std::string& id) {
  if (auto main = usable(model_folder, id, commit_of(model_folder, "main"))) return main;
  for (const auto& commit : checkpoint::disk().names_in(joined(model_folder, "snapshots")))
    if (auto snapshot = usable(model_folder, id, commit)) return snapshot;
  return std::nullopt;
}

}  // namespace

std::string cache_folder() {
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"})
    if (const auto folder = environment(name); !folder.empty()) return expanded(folder);
  const auto home = checkpoint::huggingface_home();
  return home.empty() ? "" : joined(home, "hub");
}

std::optional<Snapshot> find_snapshot(const std::string& cache, const std::string& id, const std::string& revision) {
  const auto name = hub_folder(id);
  if (cache.empty() || name.empty() || !is_hub_revision(revision.empty() ? "main" : revision)) return std::nullopt;
  const auto model_folder = joined(cache, name);
  return usable(model_folder, id, commit_of(model_folder, revision.empty() ? "main" : revision));
}

std::vector<Snapshot> all_snapshots(const std::string& cache) {
  std::vector<Snapshot> snapshots;
  for (const auto& name : checkpoint::disk().names_in(cache)) {
    const auto id = id_of(name);
    if (id.empty()) continue;
    if (auto snapshot = any_snapshot(joined(cache, name), id)) snapshots.push_back(std::move(*snapshot));
  }
  return snapshots;
}

}  // namespace vw::hub_cache
