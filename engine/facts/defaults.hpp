// facts: which parts are used when nobody chooses (scripts/defaults.lua). The code itself prefers none.
#pragma once

#include "parts/catalog.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace vw {

// Thresholds of the recommendations; each is explained and cited in scripts/defaults.lua.
struct RecommendationRules {
  double consumer_gpu_memory_utilization = 0;  // upper limit on cards that drive a display, too
  double lowest_usual_utilization = 0, highest_usual_utilization = 1;
  double kv_pressure_for_fp8 = 0;                       // share of the budget that the KV cache needs
  std::map<std::string, std::int64_t> extra_sequences;  // by batching mode, on top of the concurrency
  std::map<std::string, double> batched_tokens_factor;  // by batching mode, times the tokens in flight
  std::int64_t least_batched_tokens = 0;
  std::vector<std::pair<double, std::int64_t>> most_batched_tokens;  // {least memory of the card in GiB, limit}
  std::int64_t least_searched_tokens = 0;                            // of a step, where a search tries fewer
  double least_gain = 0;  // share that something else than the rule has to be worth more

  std::int64_t batched_tokens_limit(double card_gib) const;
};

// How `diagnose` looks for changes that mend a start; by mend: its loss, and what is added where a number falls to 0.
struct MendRules {
  double margin_gib = 0;
  std::int64_t least_context_tokens = 1, least_batched_tokens = 1, most_tensor_parallel = 1;
  std::map<std::string, double> loss, loss_of_all;
};

// Half of what equal starts differ by, GiB: by term, and of the KV cache where CPU and card share memory.
struct Repeatability {
  std::map<std::string, double> spread_gib;
  double unified_spread_gib = 0;
};

// When a running server leaves its plan; each number is explained and cited in scripts/defaults.lua.
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

struct Request;

struct Defaults {
  std::string memory_model, perf_model, report;
  std::vector<std::string> sources, detectors, emit;
  RecommendationRules rules;
  MendRules mend = {};
  Repeatability repeatability = {};
  WatchRules watch = {};

  // The models that a request names, or these.
  const std::string& memory_model_of(const Request& request) const;
  const std::string& perf_model_of(const Request& request) const;
};

Defaults read_defaults(const Catalog& catalog);

}  // namespace vw
