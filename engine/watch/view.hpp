// watch: what a server does now, from looks at it; and where it leaves its plan. Pure: no clock, files or network.
#pragma once

#include "facts/defaults.hpp"
#include "watch/history.hpp"
#include "watch/planned_server.hpp"

#include <array>
#include <string>
#include <vector>

namespace vw {

// Percentiles that a view gives of latencies.
inline constexpr std::array<double, 3> shown_quantiles = {0.5, 0.9, 0.99};

struct Latency {
  double requests = 0;            // observations: of tokens, for the time per token
  std::optional<double> mean_ms;  // empty without observations
  std::array<std::optional<Quantile>, shown_quantiles.size()> quantiles_ms;
  bool is_since_start = false;  // of the server: nothing was observed in the window
};

struct Growth {
  std::int64_t card = 0;
  double mib = 0, over_s = 0;  // by the straight line through what was seen

  double mib_per_hour() const { return over_s > 0 ? mib / over_s * 3600 : 0; }
};

struct Warning {
  std::string id;                   // kv-cache-full, preemptions ...
  std::string what;                 // one sentence
  std::vector<std::string> advice;  // what to do, the likeliest first
};

// What the server says of itself beside its metrics; empty: not known.
struct ServerFacts {
  std::string address, version, model;
  std::string checkpoint;  // what the model's name stands for: an id or a folder
  std::optional<double> context_tokens;
};

// Empty: not on the page, or not to be known from one look.
struct View {
  bool has_server = false;
  double window_s = 0;  // between the first and the last look that rates are of; 0: one look
  std::size_t looks = 0, unanswered = 0, restarts = 0, engines = 0;

  std::optional<double> running, waiting;
  std::optional<double> cache_share;   // of the fullest engine, 0 to 1
  std::optional<double> cache_tokens;  // that the KV cache of the smallest engine holds
  std::optional<double> preemptions;   // in the window
  std::optional<double> requests_per_s, prompt_tokens_per_s, generated_tokens_per_s;
  std::optional<double> prefix_hit_share;  // of prompt tokens that were looked up in the window
  Latency first_token, token, whole_request, queue;
  std::vector<CardUse> cards;
  std::vector<Growth> growth;  // of cards that grow steadily
  std::vector<Warning> warnings;
};

// `plan` may be null. Throws nothing but std::bad_alloc.
View make_view(const History& history, const ServerFacts& facts, const PlannedServer* plan, const WatchRules& rules);

// Each departure from the plan, or from what serves well without one; `view` without its warnings.
std::vector<Warning> warnings_of(const View& view, const History& history, const ServerFacts& facts,
                                 const PlannedServer* plan, const WatchRules& rules);

}  // namespace vw
