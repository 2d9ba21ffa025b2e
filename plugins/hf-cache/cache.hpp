// hf-cache: the folders that huggingface_hub keeps (huggingface.co/docs/huggingface_hub, "Understand caching").
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace vw::hub_cache {

// The cache of this user: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME/hub, XDG_CACHE_HOME/huggingface/hub,
// ~/.cache/huggingface/hub. Empty when not even HOME is set.
std::string cache_folder();

struct Snapshot {
  std::string id, folder, commit;
};

// The snapshot of "org/name" at a branch, tag or commit ("": main). Empty when it is not there, incomplete (no
// config.json) or when the cache is broken.
std::optional<Snapshot> find_snapshot(const std::string& cache, const std::string& id, const std::string& revision);

// Every model with a usable snapshot of some revision, sorted by id.
std::vector<Snapshot> all_snapshots(const std::string& cache);

}  // namespace vw::hub_cache
