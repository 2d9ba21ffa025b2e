// watch: one look at a server and at the cards of its machine, as plain numbers.
#pragma once

#include "facts/release.hpp"
#include "watch/series.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace vw {

// What a probe says of an engine's KV cache: labels of vllm:cache_config_info (vllm/config/cache.py).
struct ServedCache {
  std::optional<double> blocks, block_tokens, gpu_memory_utilization;
  std::string dtype;  // "auto", "fp8"; empty: not known

  std::optional<double> tokens() const;
};

struct CardUse {
  std::int64_t index = 0;
  std::string name;
  std::optional<double> total_mib, used_mib, busy_ratio;  // busy: of the time since the tool looked before
};

struct Look {
  double at_s = 0;                                    // of any clock that never goes back
  std::string problem = {};                           // why the server was not seen; empty: it was
  std::string hint = {};                              // what to do about that
  std::map<std::string, Series> numbers = {};         // by what is measured: running, preemptions ...
  std::map<std::string, Histograms> histograms = {};  // first_token ...
  std::vector<ServedCache> caches = {};               // one an engine
  std::vector<std::string> models = {};               // names on the page
  std::vector<CardUse> cards = {};
  std::string cards_problem = {};  // why the cards were not seen

  bool has_server() const { return problem.empty(); }
  const Series* find(const std::string& key) const;  // null: the page does not have it
  const Histograms* find_histograms(const std::string& key) const;
  // Of all engines together.
  std::optional<double> total(const std::string& key) const;
};

// Reads a probe's reply: {"status": "ok", "families": {name: [{"name", "labels", "value"}]}}, or "failed" with
// "message" and "hint". Of several names for one measure the first that is there counts. Where `model` is one of the
// names of models on the page, the others are left out. Throws vw::Error where the reply breaks the rules of its kind.
Look read_look(const Json& reply, const std::string& where, const MetricNames& names, const std::string& model);

// Reads the `gpus` of a detector's reply.
std::vector<CardUse> read_cards(const Json& reply, const std::string& where);

}  // namespace vw
