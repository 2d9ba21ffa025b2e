// facts: when a running server leaves its plan; each number is explained and cited in scripts/defaults.lua.
#pragma once

#include "parts/catalog.hpp"

#include <cstdint>
#include <string>

namespace vw {

struct WatchRules {
  std::string probe;            // id of the server probe
  double kv_cache_share = 1;    // of the KV cache in use, from which it is full
  double waiting_s = 0;         // in which requests always waited
  double least_requests = 0;    // in the window, before latencies are held against the plan
  double latency_factor = 1;    // times the plan's high end
  double memory_slack_gib = 0;  // on a card beyond the plan
  std::size_t growth_samples = 3;
  double growth_mib = 0;
  double growth_fit = 1;  // coefficient of determination of a straight line
};

// Throws vw::Error where the defaults do not hold them.
WatchRules read_watch_rules(const Catalog& catalog);

}  // namespace vw
