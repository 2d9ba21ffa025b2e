// hf-hub: what came from the Hub before, on disk. Entries carry a checksum and are written in one step, so that one
// that was cut off or changed counts as missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace vw::hub {

// The beginning of something, at most all of it.
struct Entry {
  std::string bytes;
  std::uint64_t total_bytes = 0;  // of the whole
};

class Store {
 public:
  // The folder of one model; empty: nothing is kept.
  explicit Store(std::string folder) : folder_(std::move(folder)) {}

  // `name` may hold any characters. Never throws but std::bad_alloc: what cannot be read is not there, and what cannot
  // be written is not kept.
  std::optional<Entry> load(const std::string& kind, const std::string& name) const;
  void keep(const std::string& kind, const std::string& name, const Entry& entry) const;

 private:
  std::string path_of(const std::string& kind, const std::string& name) const;
  std::string folder_;
};

// XDG_CACHE_HOME/vllm-wizard/hub, else ~/.cache/vllm-wizard/hub. Empty when not even HOME is set.
std::string store_folder();

}  // namespace vw::hub
