// facts: what a vLLM release does by default and which flags it knows. A table is valid from its version up to the
// next.
#pragma once

#include "facts/gpu.hpp"
#include "parts/catalog.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace vw {

struct Release {
  std::string version;  // as asked for, or the newest known
  std::string table;    // id of the table that describes it
  double gpu_memory_utilization = 0.9;
  std::set<std::string> flags;
  std::vector<std::string> kv_cache_dtypes, quantizations;
  std::map<std::string, std::vector<std::string>> flag_values;  // of flags that take one of a list
  std::vector<std::string> notes;                               // e.g. the version is newer than any known
  Json json;

  // Defaults by the memory of the card ("least_gib" tiers with name exceptions), as `vllm serve` picks them.
  std::int64_t default_of(const std::string& setting, const Gpu& gpu, double total_gib) const;
};

// `version`: "0.21", "v0.21.0", or empty for the newest known. Throws vw::Error when it is older than every table or
// no version at all.
Release find_release(const Catalog& catalog, const std::string& version);

// Compares dotted versions number by number: -1, 0, 1. "0.9" < "0.10". Empty when one is not a version.
std::optional<int> compare_versions(const std::string& left, const std::string& right);

}  // namespace vw
