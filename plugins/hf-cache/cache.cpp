#include "cache.hpp"

#include "model-folder/files.hpp"
#include "model-folder/model_folder.hpp"

#include <algorithm>
#include <cstdlib>

namespace vw::hub_cache {

namespace {

using checkpoint::joined;

const std::string models_prefix = "models--";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string expanded(const std::string& path) {
  return path == "~" || path.starts_with("~/") ? environment("HOME") + path.substr(1) : path;
}

// What the Hub allows in a name, and nothing that climbs out of the cache.
bool is_name(const std::string& text) {
  constexpr std::size_t most_bytes = 96;
  const auto is_allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
           c == '.';
  };
  return !text.empty() && text.size() <= most_bytes && text.front() != '.' && text.front() != '-' &&
         text.find("--") == std::string::npos && text.find("..") == std::string::npos &&
         std::all_of(text.begin(), text.end(), is_allowed);
}

// "models--org--name"; empty when the id is none.
std::string folder_name(const std::string& id) {
  const auto slash = id.find('/');
  if (slash == std::string::npos) return is_name(id) ? models_prefix + id : "";
  const auto organisation = id.substr(0, slash), name = id.substr(slash + 1);
  return is_name(organisation) && is_name(name) ? models_prefix + organisation + "--" + name : "";
}

bool is_revision(const std::string& text) {
  return !text.empty() && text.front() != '/' && text.back() != '/' && text.find("..") == std::string::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string commit_of(const std::string& model_folder, const std::string& revision) {
  constexpr std::uint64_t most_ref_bytes = 256;
  const auto path = joined(joined(model_folder, "refs"), revision);
  if (!checkpoint::is_file(path)) return revision;
  auto commit = checkpoint::read_text(path, most_ref_bytes).value_or("");
  while (!commit.empty() && (commit.back() == '\n' || commit.back() == '\r' || commit.back() == ' ')) commit.pop_back();
  return commit.find('/') == std::string::npos && is_revision(commit) ? commit : "";
}

std::optional<Snapshot> usable(const std::string& model_folder, const std::string& id, const std::string& commit) {
  if (commit.empty() || commit.find('/') != std::string::npos) return std::nullopt;
  const auto folder = joined(joined(model_folder, "snapshots"), commit);
  if (!checkpoint::has_config(folder)) return std::nullopt;
  return Snapshot{id, folder, commit};
}

// "models--org--name" -> "org/name"; empty for data sets, spaces and strangers.
std::string id_of(const std::string& folder) {
  if (!folder.starts_with(models_prefix)) return "";
  auto id = folder.substr(models_prefix.size());
  if (const auto separator = id.find("--"); separator != std::string::npos) id.replace(separator, 2, "/");
  return folder_name(id) == folder ? id : "";
}

std::optional<Snapshot> any_snapshot(const std::string& model_folder, const std::string& id) {
  if (auto main = usable(model_folder, id, commit_of(model_folder, "main"))) return main;
  for (const auto& commit : checkpoint::names_in(joined(model_folder, "snapshots")))
    if (auto snapshot = usable(model_folder, id, commit)) return snapshot;
  return std::nullopt;
}

}  // namespace

std::string cache_folder() {
  for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"})
    if (const auto folder = environment(name); !folder.empty()) return expanded(folder);
  if (const auto home = environment("HF_HOME"); !home.empty()) return joined(expanded(home), "hub");
  if (const auto cache = environment("XDG_CACHE_HOME"); !cache.empty())
    return joined(expanded(cache), "huggingface/hub");
  const auto home = environment("HOME");
  return home.empty() ? "" : joined(home, ".cache/huggingface/hub");
}

std::optional<Snapshot> find_snapshot(const std::string& cache, const std::string& id, const std::string& revision) {
  const auto name = folder_name(id);
  if (cache.empty() || name.empty() || !is_revision(revision.empty() ? "main" : revision)) return std::nullopt;
  const auto model_folder = joined(cache, name);
  return usable(model_folder, id, commit_of(model_folder, revision.empty() ? "main" : revision));
}

std::vector<Snapshot> all_snapshots(const std::string& cache) {
  std::vector<Snapshot> snapshots;
  for (const auto& name : checkpoint::names_in(cache)) {
    const auto id = id_of(name);
    if (id.empty()) continue;
    if (auto snapshot = any_snapshot(joined(cache, name), id)) snapshots.push_back(std::move(*snapshot));
  }
  return snapshots;
}

}  // namespace vw::hub_cache
