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

// An architecture that not every release knows; empty versions mean always.
struct KnownArchitecture {
  std::string since, before;
  std::vector<std::string> refused_dtypes;  // fp16, bf16, fp32
};

struct Release {
  std::string version;  // as asked for, or the newest known
  std::string table;    // id of the table that describes it
  double gpu_memory_utilization = 0.9;
  std::set<std::string> flags;
  std::vector<std::string> kv_cache_dtypes, quantizations;
  std::map<std::string, std::vector<std::string>> flag_values;  // of flags that take one of a list
  std::map<std::string, std::string> mtp_methods;               // older names of "mtp" by architecture
  std::map<std::string, KnownArchitecture> architectures;       // by name in config.json
  std::vector<std::string> notes;                               // e.g. the version is newer than any known
  Json json;

  // Defaults by the memory of the card ("least_gib" tiers with name exceptions), as `vllm serve` picks them.
  std::int64_t default_of(const std::string& setting, const Gpu& gpu, double total_gib) const;
  // A release that lists no flags is taken to know all.
  bool knows_flag(const std::string& flag) const { return flags.empty() || flags.contains(flag); }
  // Whether `flag` takes `value`; so it is where no values are listed.
  bool takes(const std::string& flag, const std::string& value) const;
  // Whether --gpu-memory-utilization counts what others hold of the card, too (releases up to 0.9).
  bool counts_others() const;
  // Whether vLLM refuses a dtype (fp16, bf16, fp32) for an architecture.
  bool refuses_dtype(const std::string& architecture, const std::string& dtype) const;
};

// `version`: "0.21", "v0.21.0", or empty for the newest known. Throws vw::Error when it is older than every table or
// no version at all.
Release find_release(const Catalog& catalog, const std::string& version);

// What a server measures (running, cache, first_token ...) to the names that releases have for it, newest first: of the
// newest table that names any. Throws vw::Error when none does.
using MetricNames = std::map<std::string, std::vector<std::string>>;
MetricNames metric_names(const Catalog& catalog);

// Compares dotted versions number by number: -1, 0, 1. "0.9" < "0.10". Empty when one is not a version.
std::optional<int> compare_versions(const std::string& left, const std::string& right);

}  // namespace vw
